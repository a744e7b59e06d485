import { IThemeManager } from '@jupyterlab/apputils';
import { Contents } from '@jupyterlab/services';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Drag } from '@lumino/dragdrop';
import * as React from 'react';
import { IComponent } from '../api/types';
import type { Drawing } from '../drawing/drawing';
import type { IQuestions } from '../drawing/questions';
import { CommandIDs } from '../tokens';
import { Dropped, acceptDrops } from './drop';
import type { IFlowProps } from './flow';
import { BrokenMessage, Message, UnreachableMessage } from './message';
import { EditorModel } from './model';
import { Problems } from './problems';
import type { IFlowView } from './view';

export interface ICanvasOptions {
  model: EditorModel;
  commands: CommandRegistry;
  contents: Contents.IManager;
  /** The components that can be placed. */
  components: () => Promise<IComponent[]>;
  themes: IThemeManager | null;
  trans: TranslationBundle;
}

/** React Flow is 190 KB that the start of JupyterLab need not pay for. */
const Flow = React.lazy(() => import('./flow'));

/** The main part of the editor: the graph, or what is to be said instead. */
export class PipelineCanvas extends ReactWidget {
  constructor(private readonly _options: ICanvasOptions) {
    super();
    this.addClass('claimed-Canvas');
    this.node.tabIndex = -1; // keeps the focus when a field inside is gone
    _options.themes?.themeChanged.connect(this._onTheme, this);
    acceptDrops(this.node, {
      isOpen: () => this._view !== null && !_options.model.readOnly,
      drop: (what, event) => void this._drop(what, event)
    });
    for (const type of ['copy', 'cut', 'paste'] as const) {
      this.node.addEventListener(type, event => this._onClipboard(event));
    }
  }

  /** Shows the whole graph. */
  showAll(): void {
    this._view?.fit();
  }

  /** What is needed to ask about the drawing; loaded when first needed. */
  async questions(): Promise<IQuestions> {
    const { model, components, trans } = this._options;
    const { Drawing } = await import('../drawing/drawing');
    return { drawing: Drawing.of(model), components, trans };
  }

  protected override render(): JSX.Element {
    const { model, themes } = this._options;
    const theme = themes?.theme ?? null;
    const dark = theme !== null && !themes!.isLight(theme);
    return (
      <UseSignal signal={model.changed}>
        {() => (
          <Content
            {...this._options}
            dark={dark}
            onReady={view => {
              this._view = view;
              void this.questions().then(({ drawing }) => {
                this._drawing = drawing;
                drawing.view = view;
              });
            }}
            fromNotebook={this._fromNotebook}
            fromExample={() => void this._fromExample()}
          />
        )}
      </UseSignal>
    );
  }

  private async _drop(what: Dropped, event: Drag.Event): Promise<void> {
    const { takeDrop } = await import('../drawing/dropped');
    const { clientX: x, clientY: y } = event;
    const card = document.elementFromPoint(x, y)?.closest('.claimed-Card');
    const spot = this._view && {
      screen: { x, y },
      canvas: this._view.toCanvas(x, y)
    };
    const task = card?.getAttribute('data-task') ?? null;
    await takeDrop(await this.questions(), what, spot, task);
    this.node.focus();
  }

  private readonly _fromNotebook = (): void => {
    const { commands } = this._options;
    void commands.execute(CommandIDs.addFile);
  };

  private async _fromExample(): Promise<void> {
    const { components, contents, trans } = this._options;
    const { drawExample } = await import('../drawing/example');
    const { drawing } = await this.questions();
    const missing = await drawExample(drawing, await components(), contents);
    if (missing.length > 0) {
      drawing.asker.say(
        trans.__(
          'The example needs what no catalog has: %1',
          missing.join(', ')
        )
      );
      return;
    }
    this.showAll();
  }

  /** The browser's own clipboard, unless a text is being edited or marked. */
  private _onClipboard(event: ClipboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.closest('input, textarea') || !this._drawing) {
      return;
    }
    const drawing = this._drawing;
    if (event.type === 'paste') {
      if (drawing.paste(event.clipboardData?.getData('text/plain') ?? '')) {
        event.preventDefault();
      }
      return;
    }
    const text = drawing.copy();
    if (text && !window.getSelection()?.toString()) {
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
      if (event.type === 'cut') {
        drawing.removeSelection();
      }
    }
  }

  private _onTheme(): void {
    this.update();
  }

  private _view: IFlowView | null = null;
  /** There as soon as the canvas is. */
  private _drawing: Drawing | null = null;
}

type IContentProps = ICanvasOptions & Omit<IFlowProps, 'graph'>;

function Content(props: IContentProps): JSX.Element {
  const { model, trans } = props;
  switch (model.status) {
    case 'loading':
      return <Message text={trans.__('Reading the pipeline…')} />;
    case 'broken':
      return <BrokenMessage {...props} />;
    case 'unreachable':
      return <UnreachableMessage {...props} />;
    case 'empty':
    case 'ready':
      return (
        <div className="claimed-Canvas-content">
          <div className="claimed-Canvas-flow">
            <React.Suspense
              fallback={<Message text={trans.__('Drawing the pipeline…')} />}
            >
              <Flow {...props} graph={model.graph!} />
            </React.Suspense>
          </div>
          {model.status === 'ready' && <Problems {...props} />}
        </div>
      );
  }
}
