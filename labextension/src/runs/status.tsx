import { JupyterFrontEnd } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';
import { IRun } from '../api/types';
import { CommandIDs } from '../tokens';
import { useClock } from './badge';
import { leftText } from './format';
import { RunsModel } from './model';

/** The side panel with the list of runs. */
const PANEL = 'claimed-palette';

/** Shows in the status bar how far the live runs are; a click leads there. */
export function addRunStatus(
  bar: IStatusBar,
  app: JupyterFrontEnd,
  model: RunsModel,
  trans: TranslationBundle
): void {
  const open = (live: IRun[]) =>
    live.length === 1
      ? void app.commands.execute(CommandIDs.openRun, { run: live[0].run_id })
      : app.shell.activateById(PANEL);
  const activity = new Activity(model);
  bar.registerStatusItem('claimed-jlab:runs', {
    item: new RunStatus(model, trans, open),
    align: 'middle',
    isActive: () => activity.isLive,
    activeStateChanged: activity.changed
  });
}

/** Whether any run is live, told only when that changes. */
class Activity {
  constructor(private readonly _model: RunsModel) {
    _model.changed.connect(this._onRuns, this);
  }

  get isLive(): boolean {
    return this._isLive;
  }
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  private _onRuns(): void {
    const isLive = this._model.live.length > 0;
    if (isLive !== this._isLive) {
      this._isLive = isLive;
      this._changed.emit();
    }
  }

  private _isLive = false;
  private _changed = new Signal<this, void>(this);
}

class RunStatus extends ReactWidget {
  constructor(
    private readonly _model: RunsModel,
    private readonly _trans: TranslationBundle,
    private readonly _open: (live: IRun[]) => void
  ) {
    super();
    this.addClass('claimed-RunStatus');
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this._model.changed}>
        {() => (
          <Progress model={this._model} trans={this._trans} open={this._open} />
        )}
      </UseSignal>
    );
  }
}

function Progress(props: {
  model: RunsModel;
  trans: TranslationBundle;
  open: (live: IRun[]) => void;
}): JSX.Element | null {
  const { model, trans, open } = props;
  const { live } = model;
  useClock(live.length > 0);
  if (live.length === 0) {
    return null;
  }
  const done = sum(live, run => run.progress.done);
  const total = sum(live, run => run.progress.total);
  const what =
    live.length === 1
      ? live[0].pipeline
      : trans.__('%1 pipeline runs', live.length);
  const parts = [what, trans.__('%1 of %2 tasks', done, total)];
  if (live.length === 1) {
    parts.push(leftText(model.remaining(live[0].run_id), trans));
  }
  const words = parts.filter(Boolean).join(' · ');
  return (
    <button
      className="claimed-RunStatus-button"
      title={
        live.length === 1
          ? trans.__('%1. Click to open the run.', words)
          : trans.__('%1. Click to see the runs.', words)
      }
      onClick={() => open(live)}
    >
      <progress max={Math.max(1, total)} value={done} aria-label={words} />
      <span>{words}</span>
    </button>
  );
}

function sum(runs: IRun[], count: (run: IRun) => number): number {
  return runs.reduce((all, run) => all + count(run), 0);
}
