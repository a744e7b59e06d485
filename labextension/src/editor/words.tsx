import * as React from 'react';
import { useFocusBack } from '../drawing/focus';
import { useAsker } from './stage';

interface IWordsProps {
  /** The thing that is named. */
  id: string;
  text: string;
  label: string;
  /** Several lines, or one. */
  long?: boolean;
  placeholder?: string;
  onChange: (text: string) => void;
}

/** Words on the canvas: a double click, or who made the thing, writes them. */
export function Words(props: IWordsProps): JSX.Element {
  const { id, text, label, long, placeholder } = props;
  const asker = useAsker();
  if (asker.writing === id) {
    return <Field {...props} onEnd={() => asker.write(null)} />;
  }
  return (
    <span
      className="claimed-Words"
      title={label}
      onDoubleClick={event => {
        event.stopPropagation();
        asker.write(id);
      }}
      data-empty={text === '' || undefined}
      data-long={long || undefined}
    >
      {text || placeholder}
    </span>
  );
}

function Field(props: IWordsProps & { onEnd: () => void }): JSX.Element {
  const { text, label, long, onChange, onEnd } = props;
  const [value, setValue] = React.useState(text);
  const isLeft = React.useRef(false);
  const field = useFocusBack<HTMLInputElement & HTMLTextAreaElement>();
  const end = (keep: boolean) => {
    if (!isLeft.current) {
      isLeft.current = true;
      if (keep && value !== text) {
        onChange(value);
      }
      onEnd();
    }
  };
  const common = {
    ref: field,
    autoFocus: true,
    value,
    'aria-label': label,
    className: 'claimed-Words-field nodrag nopan nowheel',
    'data-lm-suppress-shortcuts': 'true',
    onFocus: (
      event: React.FocusEvent<HTMLInputElement | HTMLTextAreaElement>
    ) => event.target.select(),
    onBlur: () => end(true),
    onKeyDown: (event: React.KeyboardEvent) => {
      event.stopPropagation();
      if (event.key === 'Escape') {
        end(false);
      } else if (event.key === 'Enter' && (!long || event.ctrlKey)) {
        end(true);
      }
    }
  };
  return long ? (
    <textarea {...common} onChange={event => setValue(event.target.value)} />
  ) : (
    <input {...common} onChange={event => setValue(event.target.value)} />
  );
}
