import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IExcerptLine } from './excerpt';
import { EditorModel } from './model';

export interface IMessageProps {
  model: EditorModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** The document cannot be read: why, and where. */
export function BrokenMessage(props: IMessageProps): JSX.Element {
  const { model, trans } = props;
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
}

/** The server could not be asked. */
export function UnreachableMessage(props: IMessageProps): JSX.Element {
  const { model, trans } = props;
  return (
    <RetryMessage
      heading={trans.__('The pipeline could not be read')}
      text={model.problem}
      trans={trans}
      retry={() => model.refresh()}
    />
  );
}

/** What failed, why, and another try. */
export function RetryMessage(props: {
  heading: string;
  text: string;
  trans: TranslationBundle;
  retry: () => Promise<void>;
}): JSX.Element {
  const { heading, text, trans, retry } = props;
  return (
    <Message heading={heading} text={text} alert>
      <button
        className="jp-Button jp-mod-styled jp-mod-accept"
        onClick={() => void retry()}
      >
        {trans.__('Try again')}
      </button>
    </Message>
  );
}

function OpenAsText({ model, commands, trans }: IMessageProps): JSX.Element {
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

/** What is said where there is no graph. */
export function Message(props: {
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
