import { CommandToolbarButton } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import {
  LabIcon,
  ReactWidget,
  Toolbar,
  UseSignal,
  saveIcon
} from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IRun } from '../api/types';
import { EngineLink, RunNotice, engineTitle } from '../engines/badge';
import { EngineSwitch } from '../engines/switch';
import { StateBadge } from '../runs/badge';
import { RunProgress } from '../runs/progress';
import { CommandIDs } from '../tokens';
import { EditorModel } from './model';

export interface IToolbarOptions {
  model: EditorModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** Fills the toolbar of an editor. */
export function fillToolbar(toolbar: Toolbar, options: IToolbarOptions): void {
  const { commands, model, trans } = options;
  const button = (id: string, label: string, icon?: LabIcon) =>
    new CommandToolbarButton({ commands, id, label, icon });
  toolbar.addItem('save', button('docmanager:save', '', saveIcon));
  toolbar.addItem('run', button(CommandIDs.runPipeline, trans.__('Run')));
  if (model.engine) {
    const choice = model.engine;
    toolbar.addItem('engine', new EngineSwitch({ choice, commands, trans }));
  }
  toolbar.addItem('cancel', button(CommandIDs.cancelRun, trans.__('Cancel')));
  toolbar.addItem('fit', button(CommandIDs.fitGraph, ''));
  toolbar.addItem(
    'settings',
    button(CommandIDs.pipelineSettings, trans.__('Settings'))
  );
  toolbar.addItem('python', button(CommandIDs.openPython, trans.__('Python')));
  toolbar.addItem('spacer', Toolbar.createSpacerItem());
  toolbar.addItem('state', new RunState(options));
}

/** The state of the run that the editor shows, and the way to its report. */
class RunState extends ReactWidget {
  constructor(private readonly _options: IToolbarOptions) {
    super();
    this.addClass('claimed-RunState');
    this.node.setAttribute('aria-live', 'polite');
  }

  protected override render(): JSX.Element {
    const { model, trans } = this._options;
    return (
      <UseSignal signal={model.changed}>
        {() =>
          model.run ? (
            <Shown {...this._options} run={model.run} />
          ) : (
            <span className="claimed-quiet">{trans.__('No run yet')}</span>
          )
        }
      </UseSignal>
    );
  }
}

function Shown(props: IToolbarOptions & { run: IRun }): JSX.Element {
  const { run, model, trans } = props;
  return (
    <>
      <RunLinks {...props} />
      <EngineLink
        href={run.link}
        title={engineTitle(run)}
        isShort
        trans={trans}
      />
      <RunNotice run={run} isShort trans={trans} />
      <RunProgress run={run} model={model.runs} trans={trans} />
      <span title={run.error ?? trans.__('Run %1', run.run_id)}>
        <StateBadge
          state={run.state}
          seconds={run.seconds}
          since={run.started ? Date.parse(run.started) : null}
          trans={trans}
        />
      </span>
    </>
  );
}

/** The reports of a run, and where its results came from. */
function RunLinks({
  run,
  commands,
  trans
}: IToolbarOptions & { run: IRun }): JSX.Element {
  const link = (label: string, title: string, command: string) => (
    <button
      className="claimed-Link"
      title={title}
      onClick={() => void commands.execute(command, { run: run.run_id })}
    >
      {label}
    </button>
  );
  return (
    <>
      {run.report &&
        link(
          trans.__('Run report'),
          trans.__('All reports of this run on one page'),
          CommandIDs.openReport
        )}
      {link(
        trans.__('Lineage'),
        trans.__('What this run read and made, as a graph'),
        CommandIDs.openLineage
      )}
    </>
  );
}
