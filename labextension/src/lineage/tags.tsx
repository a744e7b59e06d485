import * as React from 'react';
import { IDetailProps } from './detailprops';
import { quoted } from './words';

/** The known tags, for those who write one. */
const KNOWN = 'claimed-lineage-tags';

/** The tags as chips: added by writing, removed with a click. */
export function Tags(props: IDetailProps): JSX.Element {
  return (
    <div className="claimed-Lineage-tags">
      {Object.entries(props.detail.tags).map(([tag, value]) => (
        <Tag key={tag} {...props} tag={tag} value={value} />
      ))}
      <NewTag {...props} />
    </div>
  );
}

function NewTag({ model, actions, trans }: IDetailProps): JSX.Element {
  const [text, setText] = React.useState('');
  const [known, setKnown] = React.useState<string[]>([]);
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => {
    actions.askTag = () => input.current?.focus();
  });
  const add = () => {
    const tag = text.trim();
    setText('');
    return tag ? model.detail.addTag(tag) : undefined;
  };
  return (
    <>
      <input
        ref={input}
        className="jp-mod-styled"
        list={KNOWN}
        data-lm-suppress-shortcuts="true"
        placeholder={trans.__('Add a tag')}
        aria-label={trans.__('Add a tag')}
        value={text}
        // Without those that are known one can still write.
        onFocus={() => void model.knownTags().then(setKnown, () => undefined)}
        onChange={event => setText(event.target.value)}
        onBlur={add}
        onKeyDown={({ key }) =>
          key === 'Enter' ? add() : key === 'Escape' && setText('')
        }
      />
      <datalist id={KNOWN}>
        {known.map(tag => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
    </>
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
