import * as React from 'react';
import { IDetailProps } from './detailprops';

/** The known tags, for those who write one. */
const KNOWN = 'claimed-lineage-tags';

/** The tags as chips: added by writing, removed with a click. */
export function Tags(props: IDetailProps): JSX.Element {
  const { model, detail, actions, trans } = props;
  const [text, setText] = React.useState('');
  const [known, setKnown] = React.useState<string[]>([]);
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => {
    actions.askTag = () => input.current?.focus();
  });
  const add = () => {
    const tag = text.trim();
    if (tag) {
      setText('');
      void model.detail.addTag(tag);
    }
  };
  const learn = () => void model.knownTags().then(setKnown, () => setKnown([]));
  return (
    <div className="claimed-Lineage-tags">
      {Object.entries(detail.tags).map(([tag, value]) => (
        <Tag key={tag} {...props} tag={tag} value={value} />
      ))}
      <input
        ref={input}
        className="jp-mod-styled"
        list={KNOWN}
        size={10}
        data-lm-suppress-shortcuts="true"
        placeholder={trans.__('Add a tag')}
        aria-label={trans.__('Add a tag')}
        value={text}
        onFocus={learn}
        onChange={event => setText(event.target.value)}
        onBlur={add}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            event.preventDefault();
            add();
          } else if (event.key === 'Escape') {
            setText('');
          }
        }}
      />
      <datalist id={KNOWN}>
        {known.map(tag => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
    </div>
  );
}

function Tag(
  props: IDetailProps & { tag: string; value: string }
): JSX.Element {
  const { model, tag, value, trans } = props;
  const remove = trans.__('Remove the tag “%1”', tag);
  return (
    <span className="claimed-Chip claimed-Lineage-tag">
      <button
        className="claimed-Link"
        title={trans.__('Find everything with this tag')}
        onClick={() => void model.find(`tag:${quoted(tag)}`)}
      >
        {value ? `${tag} = ${value}` : tag}
      </button>
      <button
        className="claimed-Lineage-remove"
        title={remove}
        aria-label={remove}
        onClick={() => void model.detail.removeTag(tag)}
      >
        ✕
      </button>
    </span>
  );
}

/** A text as a query takes it for one word. */
export function quoted(text: string): string {
  return /^[\w.:/-]+$/.test(text)
    ? text
    : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
