import * as React from 'react';

/** How long typing must rest before it is taken, in ms. */
const SETTLED = 500;

interface ISettledProps {
  value: string;
  label: string;
  onTaken: (value: string) => void;
  /** Only when the field is left or Enter is pressed: names, which are used elsewhere. */
  lazy?: boolean;
  rows?: number;
  list?: string;
  placeholder?: string;
  readOnly?: boolean;
}

/** A text that is taken when typing rests, when Enter is pressed, and when the field is left. */
export function SettledText(props: ISettledProps): JSX.Element {
  const { label, rows, list, placeholder, readOnly } = props;
  const { text, type, take } = useSettled(props);
  const shared = {
    ...{ placeholder, readOnly, title: text || undefined },
    className: 'form-control',
    'aria-label': label,
    value: text,
    onChange: (event: React.ChangeEvent<{ value: string }>) =>
      type(event.target.value),
    onBlur: take,
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key === 'Enter' && !rows) {
        take();
      }
    }
  };
  return rows ? (
    <textarea {...shared} rows={rows} />
  ) : (
    <input {...shared} type="text" list={list} />
  );
}

function useSettled({ value, lazy, onTaken }: ISettledProps): {
  text: string;
  type: (text: string) => void;
  take: () => void;
} {
  const [text, setText] = React.useState(value);
  const timer = React.useRef<number>();
  React.useEffect(() => setText(value), [value]);
  React.useEffect(() => () => window.clearTimeout(timer.current), []);
  const take = (taken: string) => {
    window.clearTimeout(timer.current);
    if (taken !== value) {
      onTaken(taken);
    }
  };
  const type = (typed: string) => {
    setText(typed);
    window.clearTimeout(timer.current);
    if (!lazy) {
      timer.current = window.setTimeout(() => take(typed), SETTLED);
    }
  };
  return { text, type, take: () => take(text) };
}
