import {
  CodeEditor,
  CodeEditorWrapper,
  IEditorFactoryService
} from '@jupyterlab/codeeditor';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { BoxLayout, Widget } from '@lumino/widgets';
import * as React from 'react';
import { IDiagnostic } from '../api/types';
import { PythonModel } from './model';

export interface IPythonViewOptions {
  model: PythonModel;
  factory: IEditorFactoryService;
  trans: TranslationBundle;
}

/** The module of a pipeline in an editor, and what is to be said of it. */
export class PythonView extends Widget {
  constructor({ model, factory, trans }: IPythonViewOptions) {
    super();
    this.addClass('claimed-Python');
    this.model = model;
    this._code = new CodeEditor.Model({ mimeType: 'text/x-python' });
    this._editor = new CodeEditorWrapper({
      model: this._code,
      factory: factory.newDocumentEditor,
      editorOptions: { config: { lineNumbers: true, readOnly: model.readOnly } }
    });
    const layout = (this.layout = new BoxLayout({ spacing: 0 }));
    const goTo = (line: number) => this._goTo(line);
    const said = ReactWidget.create(
      <UseSignal signal={model.changed}>
        {() => <Said model={model} trans={trans} goTo={goTo} />}
      </UseSignal>
    );
    said.addClass('claimed-Python-said');
    layout.addWidget(this._editor);
    layout.addWidget(said);
    BoxLayout.setStretch(this._editor, 1);
    BoxLayout.setSizeBasis(said, 90);
    this._code.sharedModel.changed.connect(this._onEdit, this);
    model.changed.connect(this._onModel, this);
    this._onModel();
  }

  readonly model: PythonModel;

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
      this._code.dispose();
    }
  }

  private _onEdit(): void {
    if (!this._isTakingOver) {
      this.model.edit(this._code.sharedModel.getSource());
    }
  }

  /** Puts what differs into the editor, so that the cursor stays. */
  private _onModel(): void {
    const shared = this._code.sharedModel;
    const before = shared.getSource();
    const after = this.model.text;
    if (before === after) {
      return;
    }
    const shorter = Math.min(before.length, after.length);
    let start = 0;
    while (start < shorter && before[start] === after[start]) {
      start++;
    }
    let same = 0;
    while (
      same < shorter - start &&
      before[before.length - 1 - same] === after[after.length - 1 - same]
    ) {
      same++;
    }
    this._isTakingOver = true;
    shared.updateSource(
      start,
      before.length - same,
      after.slice(start, after.length - same)
    );
    this._isTakingOver = false;
  }

  private _goTo(line: number): void {
    const { editor } = this._editor;
    editor.setCursorPosition({ line: line - 1, column: 0 });
    editor.revealPosition({ line: line - 1, column: 0 });
    editor.focus();
  }

  private readonly _code: CodeEditor.Model;
  private readonly _editor: CodeEditorWrapper;
  private _isTakingOver = false;
}

interface ISaidProps {
  model: PythonModel;
  trans: TranslationBundle;
  goTo: (line: number) => void;
}

function Said({ model, trans, goTo }: ISaidProps): JSX.Element {
  const words = {
    loading: trans.__('Reading…'),
    same: trans.__('The canvas and the Python say the same'),
    waiting: trans.__('Bringing your edit to the canvas…'),
    broken: trans.__(
      'Not brought over until this is mended: %1',
      model.problem
    ),
    unreachable: trans.__('The server cannot be asked: %1', model.problem)
  };
  return (
    <>
      <div
        className="claimed-Python-status"
        data-status={model.status}
        role="status"
      >
        {words[model.status]}
      </div>
      <ul>
        {model.diagnostics.map((item, index) => (
          <li key={index} data-level={item.level}>
            <Finding item={item} goTo={goTo} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Finding(props: {
  item: IDiagnostic;
  goTo: (line: number) => void;
}): JSX.Element {
  const { item, goTo } = props;
  const line = item.line ?? null;
  const text = item.where ? `${item.where}: ${item.message}` : item.message;
  return line === null ? (
    <>{text}</>
  ) : (
    <button className="claimed-Link" onClick={() => goTo(line)}>
      {text}
    </button>
  );
}
