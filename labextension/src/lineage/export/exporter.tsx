// Start-up does not pay for the style of what is not looked at.
import '../../../style/lineageexport.css';
import {
  Dialog,
  Notification,
  ReactWidget,
  showDialog
} from '@jupyterlab/apputils';
import { FileBrowserModel } from '@jupyterlab/filebrowser';
import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IExported, LineageClient } from '../../api/lineage';
import { tellFailure } from '../../failure';
import { download } from '../csv';
import { IExportSubject } from './choice';
import { IExportAnswer, askExport } from './dialog';

/** How long good news are shown, in ms. */
const GOOD_NEWS = 10_000;
/** For how long nothing is said of what goes on, in ms. */
const PATIENCE = 700;

export interface IExportServices {
  client: LineageClient;
  commands: CommandRegistry;
  /** The file browser that is shown; null where there is none, or not of the server's own files. */
  browser: () => FileBrowserModel | null;
  trans: TranslationBundle;
}

/** Writes lineage in a standard, and says where it is and what it lacks. */
export class Exporter {
  constructor(private readonly _services: IExportServices) {}

  /** Asks how, then does it. */
  async ask(subject: IExportSubject): Promise<void> {
    const { browser, trans } = this._services;
    const model = browser();
    const folder = model?.path ?? null;
    const { _last: last } = this;
    const answer = await askExport({ subject, folder, last, trans });
    if (answer) {
      const { to, withFiles } = answer;
      this._last = { to, withFiles };
      await tellFailure(trans.__('The lineage cannot be exported'), () =>
        this._export(subject.name, answer, model)
      );
    }
  }

  private async _export(
    name: string,
    { of, to, withFiles, keeps }: IExportAnswer,
    model: FileBrowserModel | null
  ): Promise<void> {
    const { client, trans } = this._services;
    const what = { ...of, to, name };
    const wanted =
      to === 'ro-crate' ? { ...what, with_files: withFiles } : what;
    const waiting = new Waiting(
      trans.__('Exporting the lineage of “%1”', name)
    );
    try {
      if (keeps && model) {
        this._tell(await client.exportInto(model.path, wanted));
        await model.refresh();
      } else {
        const { about, content } = await client.export(wanted);
        download(about.name, content, content.type);
        this._tell(about);
      }
    } finally {
      waiting.end();
    }
  }

  private _tell(exported: IExported): void {
    const { commands, trans } = this._services;
    const { name, path, left_out } = exported;
    const done = path
      ? trans.__('Saved as %1: %2', name, counts(exported, trans))
      : trans.__('Downloaded %1: %2', name, counts(exported, trans));
    const actions = [];
    if (path) {
      actions.push({
        label: trans.__('Show in Folder'),
        caption: trans.__('In the file browser: %1', path),
        callback: () =>
          void commands.execute('filebrowser:go-to-path', { path })
      });
    }
    if (left_out.length === 0) {
      Notification.success(done, { autoClose: GOOD_NEWS, actions });
      return;
    }
    actions.push({
      label: trans.__('What Is Left Out'),
      caption: trans.__('What this file does not tell'),
      callback: (event: MouseEvent) => {
        event.preventDefault(); // the news stay
        void tellLeftOut(exported, trans);
      }
    });
    Notification.warning(done, { autoClose: false, actions });
  }

  private _last: Pick<IExportAnswer, 'to' | 'withFiles'> = {
    to: 'openlineage',
    withFiles: false
  };
}

/** Says that something is going on, when it takes long. */
class Waiting {
  constructor(message: string) {
    this._timer = window.setTimeout(() => {
      const options = { autoClose: false } as const;
      this._id = Notification.emit(message, 'in-progress', options);
    }, PATIENCE);
  }

  end(): void {
    clearTimeout(this._timer);
    if (this._id) {
      Notification.dismiss(this._id);
    }
  }

  private readonly _timer: number;
  private _id = '';
}

/** What a file tells of, in words. */
function counts(
  { runs, tasks, artifacts }: IExported,
  trans: TranslationBundle
): string {
  return [
    trans._n('%1 run', '%1 runs', runs),
    trans._n('%1 task', '%1 tasks', tasks),
    trans._n('%1 artifact', '%1 artifacts', artifacts)
  ].join(', ');
}

async function tellLeftOut(
  { name, left_out }: IExported,
  trans: TranslationBundle
): Promise<void> {
  const body = ReactWidget.create(
    <ul>
      {left_out.map(({ what, count }) => (
        <li key={what}>
          {what}{' '}
          <span className="claimed-quiet">
            ({trans._n('once', '%1 times', count)})
          </span>
        </li>
      ))}
    </ul>
  );
  body.addClass('claimed-Export-left');
  await showDialog({
    title: trans.__('What %1 leaves out', name),
    body,
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
}
