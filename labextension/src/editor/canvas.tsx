import { IThemeManager } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import type { IFlowProps } from './flow';
import {
  BrokenMessage,
  EmptyMessage,
  Message,
  UnreachableMessage
} from './message';
import { EditorModel } from './model';
import { Problems } from './problems';

export interface ICanvasOptions {
  model: EditorModel;
  commands: CommandRegistry;
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
    _options.themes?.themeChanged.connect(this._onTheme, this);
  }

  /** Shows the whole graph. */
  showAll(): void {
    this._fit?.();
  }

  protected override render(): JSX.Element {
    const { model, commands, themes, trans } = this._options;
    const theme = themes?.theme ?? null;
    const dark = theme !== null && !themes!.isLight(theme);
    return (
      <UseSignal signal={model.changed}>
        {() => (
          <Content
            model={model}
            commands={commands}
            dark={dark}
            trans={trans}
            onReady={fit => (this._fit = fit)}
          />
        )}
      </UseSignal>
    );
  }

  private _onTheme(): void {
    this.update();
  }

  private _fit: (() => void) | null = null;
}

interface IContentProps extends Omit<IFlowProps, 'graph'> {
  commands: CommandRegistry;
}

function Content(props: IContentProps): JSX.Element {
  const { model, trans } = props;
  switch (model.status) {
    case 'loading':
      return <Message text={trans.__('Reading the pipeline…')} />;
    case 'empty':
      return <EmptyMessage {...props} />;
    case 'broken':
      return <BrokenMessage {...props} />;
    case 'unreachable':
      return <UnreachableMessage {...props} />;
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
          <Problems model={model} trans={trans} />
        </div>
      );
  }
}
