import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { ExportSelector, Standard } from '../../api/lineage';
import { IChoice, IExportChoice, IExportSubject, standards } from './choice';

/** How much of a folder's name a button shows. */
const LETTERS = 24;

export interface IExportQuestion {
  subject: IExportSubject;
  /** The file browser's folder; null where nothing can be kept. */
  folder: string | null;
  /** What was chosen the last time. */
  last: Pick<IExportChoice, 'to' | 'withFiles'>;
  trans: TranslationBundle;
}

export interface IExportAnswer extends IExportChoice {
  /** Keeps the file in the folder, instead of handing it over. */
  keeps: boolean;
}

/** Asks for what, in which standard, and where to; null when the user thinks better of it. */
export async function askExport(
  question: IExportQuestion
): Promise<IExportAnswer | null> {
  const { subject, folder, trans } = question;
  const keep = folder !== null && [
    Dialog.createButton({
      label: trans.__('Save in “%1”', nameOf(folder)),
      caption: trans.__('Beside your files, in /%1', folder),
      className: 'claimed-Export-keep',
      actions: ['keep'],
      accept: true
    })
  ];
  const dialog = new Dialog<IExportChoice>({
    title: subject.title,
    body: new ExportForm(question),
    buttons: [
      Dialog.cancelButton(),
      ...(keep || []),
      Dialog.okButton({ label: trans.__('Download') })
    ],
    focusNodeSelector: 'input[name=claimed-export-to]:checked'
  });
  dialog.addClass('claimed-ExportDialog');
  const { button, value } = await dialog.launch();
  return button.accept && value
    ? { ...value, keeps: button.actions.includes('keep') }
    : null;
}

function nameOf(folder: string): string {
  const name = PathExt.basename(folder) || '/';
  return name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name;
}

class ExportForm
  extends ReactWidget
  implements Dialog.IBodyWidget<IExportChoice>
{
  constructor(private readonly _question: IExportQuestion) {
    super();
    const { subject, last } = _question;
    this._choice = { ...last, of: subject.scopes[0].value };
    this.addClass('claimed-Export');
  }

  getValue(): IExportChoice {
    return this._choice;
  }

  protected override render(): JSX.Element {
    const { subject, trans } = this._question;
    const { of, to, withFiles } = this._choice;
    return (
      <>
        <Choices
          name="claimed-export-of"
          legend={trans.__('What')}
          choices={subject.scopes}
          value={of}
          choose={(of: ExportSelector) => this._choose({ of })}
          note={subject.note}
        />
        <Choices
          name="claimed-export-to"
          legend={trans.__('As')}
          choices={standards(trans)}
          value={to}
          choose={(to: Standard) => this._choose({ to })}
        />
        <label
          className="claimed-Export-files"
          data-enabled={to === 'ro-crate'}
        >
          <input
            type="checkbox"
            disabled={to !== 'ro-crate'}
            checked={withFiles && to === 'ro-crate'}
            onChange={event =>
              this._choose({ withFiles: event.target.checked })
            }
          />
          {trans.__('With the files themselves, those that are on the server')}
        </label>
      </>
    );
  }

  private _choose(change: Partial<IExportChoice>): void {
    this._choice = { ...this._choice, ...change };
    this.update();
  }

  private _choice: IExportChoice;
}

function Choices<T>(props: {
  name: string;
  legend: string;
  choices: IChoice<T>[];
  value: T;
  choose: (value: T) => void;
  note?: string;
}): JSX.Element {
  const { name, legend, choices, value, choose, note } = props;
  const isAlone = choices.length === 1;
  return (
    <fieldset>
      <legend>{legend}</legend>
      {note && <p role="note">{note}</p>}
      {choices.map(choice => (
        <label key={choice.label} data-alone={isAlone}>
          {!isAlone && (
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              onChange={() => choose(choice.value)}
            />
          )}
          <span>
            {choice.label}
            <small>{choice.about}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
