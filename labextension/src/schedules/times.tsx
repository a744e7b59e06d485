import { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Field, IDraftProps } from './field';
import { ITimes, Preset, weekdayName } from './words';

/** When: a choice of what is usual, and a cron line for the rest. */
export function TimesFields(props: IDraftProps): JSX.Element {
  const { draft, change, trans } = props;
  const id = 'claimed-schedule-preset';
  return (
    <>
      <div className="claimed-ScheduleForm-pair">
        <Field id={id} label={trans.__('When')}>
          <HTMLSelect
            id={id}
            value={draft.preset}
            onChange={event => change({ preset: event.target.value as Preset })}
          >
            {presets(trans).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </HTMLSelect>
        </Field>
        {draft.preset === 'week' && <Weekday {...props} />}
        {draft.preset === 'interval' && <Interval {...props} />}
        {draft.preset === 'cron' && <CronLine {...props} />}
        {draft.preset === 'hour' && <Minute {...props} />}
        {['day', 'week'].includes(draft.preset) && <TimeOfDay {...props} />}
      </div>
    </>
  );
}

function presets(trans: TranslationBundle): [Preset, string][] {
  return [
    ['hour', trans.__('Every hour')],
    ['day', trans.__('Every day')],
    ['week', trans.__('Every week')],
    ['interval', trans.__('Every so often')],
    ['cron', trans.__('Cron')]
  ];
}

function TimeOfDay({ draft, problems, change, trans }: IDraftProps) {
  const id = 'claimed-schedule-time';
  return (
    <Field
      id={id}
      label={trans.__('At (UTC)')}
      help={trans.__('By the clock of the cluster.')}
      problem={problems.time}
    >
      <input
        id={id}
        type="time"
        value={draft.time}
        onChange={event => change({ time: event.target.value })}
      />
    </Field>
  );
}

function Minute({ draft, problems, change, trans }: IDraftProps) {
  const id = 'claimed-schedule-minute';
  const [hour, minute] = draft.time.split(':');
  return (
    <Field id={id} label={trans.__('At minute')} problem={problems.time}>
      <input
        id={id}
        type="number"
        min={0}
        max={59}
        value={Number(minute)}
        onChange={event => {
          const given = Math.min(59, Math.max(0, +event.target.value || 0));
          change({ time: `${hour}:${String(given).padStart(2, '0')}` });
        }}
      />
    </Field>
  );
}

function Weekday({ draft, change, trans }: IDraftProps) {
  const id = 'claimed-schedule-weekday';
  return (
    <Field id={id} label={trans.__('On')}>
      <HTMLSelect
        id={id}
        value={draft.weekday}
        onChange={event => change({ weekday: Number(event.target.value) })}
      >
        {[1, 2, 3, 4, 5, 6, 0].map(day => (
          <option key={day} value={day}>
            {weekdayName(day)}
          </option>
        ))}
      </HTMLSelect>
    </Field>
  );
}

function Interval({ draft, problems, change, trans }: IDraftProps) {
  const id = 'claimed-schedule-every';
  const units: [ITimes['unit'], string][] = [
    ['minutes', trans.__('minutes')],
    ['hours', trans.__('hours')],
    ['days', trans.__('days')]
  ];
  return (
    <Field id={id} label={trans.__('Every')} problem={problems.every}>
      <div className="claimed-ScheduleForm-every">
        <input
          id={id}
          type="number"
          min={1}
          value={isNaN(draft.every) ? '' : draft.every}
          onChange={event => change({ every: event.target.valueAsNumber })}
        />
        <HTMLSelect
          aria-label={trans.__('Unit')}
          value={draft.unit}
          onChange={event =>
            change({ unit: event.target.value as ITimes['unit'] })
          }
        >
          {units.map(([unit, label]) => (
            <option key={unit} value={unit}>
              {label}
            </option>
          ))}
        </HTMLSelect>
      </div>
    </Field>
  );
}

function CronLine({ draft, problems, change, trans }: IDraftProps) {
  const id = 'claimed-schedule-cron';
  return (
    <Field
      id={id}
      label={trans.__('Cron, six fields (UTC)')}
      help={trans.__('second minute hour day month weekday')}
      problem={problems.cron}
    >
      <input
        id={id}
        type="text"
        spellCheck={false}
        className="claimed-ScheduleForm-cron"
        value={draft.cron}
        onChange={event => change({ cron: event.target.value })}
      />
    </Field>
  );
}
