import { IThemeManager } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import type { IFlowProps } from './flow';
import { EditorModel, IExcerptLine } from './model';
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
      return (
        <Message
          heading={trans.__('This pipeline has no tasks yet')}
          text={trans.__(
            'Choose components in the CLAIMED palette on the left, and name them under “tasks” in the document. The graph follows what you write.'
          )}
        >
          <OpenAsText {...props} />
        </Message>
      );
    case 'broken':
      return (
        <Message
          heading={trans.__('This document cannot be shown')}
          text={model.problem}
          hint={trans.__(
            'Nothing was changed in the file. Correct it as text, and the graph comes back when it is saved.'
          )}
          alert
        >
          <Excerpt lines={model.excerpt} />
          <OpenAsText {...props} />
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

function OpenAsText({ model, commands, trans }: IContentProps): JSX.Element {
  return (
    <p>
      <button
        className="jp-Button jp-mod-styled"
        onClick={() =>
          void commands.execute('docmanager:open', {
            path: model.path,
            factory: 'Editor',
            options: { mode: 'split-right' }
          })
        }
      >
        {trans.__('Open as text')}
      </button>
    </p>
  );
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
