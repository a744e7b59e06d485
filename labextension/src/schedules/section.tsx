import { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { RunsModel } from '../runs/model';
import { SchedulesModel } from './model';

/** The list waits until somebody opens it. */
const ScheduleList = React.lazy(async () => ({
  default: (await import('./list')).ScheduleList
}));

export interface ISchedulesProps {
  schedules: SchedulesModel;
  model: RunsModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** What runs again and again, above the runs; not there where no engine does that. */
export function Schedules(props: ISchedulesProps): JSX.Element {
  const { schedules } = props;
  return (
    <UseSignal signal={schedules.engines.changed}>
      {() =>
        schedules.engines.scheduling.length > 0 ? (
          <UseSignal signal={schedules.changed}>
            {() => <Section {...props} />}
          </UseSignal>
        ) : null
      }
    </UseSignal>
  );
}

function Section(props: ISchedulesProps): JSX.Element {
  const { schedules, trans } = props;
  const [isOpen, setOpen] = React.useState(false);
  const count = schedules.schedules.length;
  return (
    <details
      className="claimed-Schedules"
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        {trans.__('Schedules')}
        {schedules.isKnown && (
          <span className="claimed-Tree-count">{count}</span>
        )}
      </summary>
      {isOpen && (
        <React.Suspense fallback={null}>
          <ScheduleList {...props} />
        </React.Suspense>
      )}
    </details>
  );
}
