import { IThemeManager } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IFlowProps } from './flow';
import { EditorModel, IExcerptLine } from './model';
import { Problems } from './problems';

export interface ICanvasOptions {
  model: EditorModel;
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
    const { model, themes, trans } = this._options;
    const theme = themes?.theme ?? null;
    const dark = theme !== null && !themes!.isLight(theme);
    return (
      <UseSignal signal={model.changed}>
        {() => (
          <Content
            model={model}
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

function Content(props: Omit<IFlowProps, 'graph'>): JSX.Element {
  const { model, trans } = props;
  switch (model.status) {
    case 'loading':
      return <Message text={trans.__('Reading the pipeline…')} />;
    case 'empty':
      return (
        <Message
          heading={trans.__('This pipeline has no tasks yet')}
          text={trans.__(
            'Choose components in the CLAIMED palette on the left and name them under “tasks” in the document (right-click its tab or file, Open With, Editor). The graph follows what you write.'
          )}
        />
      );
    case 'broken':
      return (
        <Message
          heading={trans.__('This document cannot be shown')}
          text={model.problem}
          hint={trans.__(
            'Nothing was changed in the file. Open it with the text editor to correct it; the graph comes back by itself.'
          )}
          alert
        >
          <Excerpt lines={model.excerpt} />
        </Message>
      );
    case 'unreachable':
      return (
        <Message
          heading={trans.__('The pipeline could not be read')}
          text={model.problem}
          alert
        >
          <button
            className="jp-Button jp-mod-styled jp-mod-accept"
            onClick={() => void model.refresh()}
          >
            {trans.__('Try again')}
          </button>
        </Message>
      );
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

function Excerpt({ lines }: { lines: IExcerptLine[] }): JSX.Element | null {
  return lines.length ? (
    <pre className="claimed-Excerpt">
      {lines.map(line => (
        <div key={line.number} data-at={line.at || undefined}>
          <span className="claimed-Excerpt-number">{line.number}</span>
          {line.text}
        </div>
      ))}
    </pre>
  ) : null;
}

function Message(props: {
  heading?: string;
  text: string;
  hint?: string;
  alert?: boolean;
  children?: React.ReactNode;
}): JSX.Element {
  return (
    <div
      className="claimed-Message"
      role={props.alert ? 'alert' : 'status'}
      data-alert={props.alert}
    >
      {props.heading && <h2>{props.heading}</h2>}
      <p className="claimed-Message-text">{props.text}</p>
      {props.children}
      {props.hint && <p>{props.hint}</p>}
    </div>
  );
}
