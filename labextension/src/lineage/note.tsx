import * as React from 'react';
import { Element } from './card';
import { IDetailProps } from './detailprops';
import { timeText } from './words';

/** The note: Markdown that anybody may write. */
export function Note(props: IDetailProps): JSX.Element {
  const { detail, trans } = props;
  const [state, setState] = React.useState<'unread' | 'open' | 'left'>(
    'unread'
  );
  const { note } = detail;
  return (
    <section>
      <h3>{trans.__('Note')}</h3>
      {state === 'open' ? (
        <Editor {...props} onEnd={() => setState('left')} />
      ) : (
        <>
          {note && <Rendered {...props} text={note.text} />}
          {note && (
            <p className="claimed-quiet">
              {[note.user, timeText(note.updated)].filter(Boolean).join(' · ')}
            </p>
          )}
          <button
            className="claimed-Link"
            // The keyboard goes on from where it was before.
            autoFocus={state === 'left'}
            onClick={() => setState('open')}
          >
            {note ? trans.__('Edit') : trans.__('Add a note')}
          </button>
        </>
      )}
    </section>
  );
}

function Rendered({
  actions,
  text
}: IDetailProps & { text: string }): JSX.Element {
  const [node, setNode] = React.useState<HTMLElement | null>(null);
  React.useEffect(() => {
    let isGone = false;
    actions.markdown(text).then(
      made => !isGone && setNode(made),
      () => undefined // the text itself is shown
    );
    return () => {
      isGone = true;
    };
  }, [actions, text]);
  return node ? <Element node={node} /> : <p>{text}</p>;
}

function Editor(props: IDetailProps & { onEnd: () => void }): JSX.Element {
  const { model, detail, trans, onEnd } = props;
  const [text, setText] = React.useState(detail.note?.text ?? '');
  const editor = React.useRef<HTMLDivElement>(null);
  // The note is among the last there is: its buttons would be out of sight.
  React.useEffect(() => {
    editor.current!.scrollIntoView?.({ block: 'nearest' });
  }, []);
  const save = async () => {
    if (await model.detail.setNote(text)) {
      onEnd();
    }
  };
  return (
    <div className="claimed-Lineage-note" ref={editor}>
      <textarea
        autoFocus
        rows={5}
        value={text}
        data-lm-suppress-shortcuts="true"
        aria-label={trans.__('Note, in Markdown')}
        placeholder={trans.__('Markdown: what others should know of this')}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => onKey(event, save, onEnd)}
      />
      <p>
        <button
          className="jp-Button jp-mod-styled jp-mod-accept"
          title={trans.__('Ctrl+Enter')}
          onClick={() => void save()}
        >
          {trans.__('Save')}
        </button>
        <button className="jp-Button jp-mod-styled" onClick={onEnd}>
          {trans.__('Cancel')}
        </button>
      </p>
    </div>
  );
}

/** Ctrl+Enter keeps what is written, Escape does not. */
function onKey(
  event: React.KeyboardEvent,
  save: () => Promise<void>,
  onEnd: () => void
): void {
  if (event.key === 'Escape') {
    onEnd();
  } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    void save();
  }
}
