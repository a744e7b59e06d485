import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Asker, IChoice, IQuestion } from './asker';
import { useFocusBack } from './focus';

interface IChooserProps {
  asker: Asker;
  question: IQuestion;
  trans: TranslationBundle;
}

/** A list to choose from, narrowed by typing; Escape leaves it. */
export function Chooser(props: IChooserProps): JSX.Element {
  const { asker, question, trans } = props;
  const list = useList(props);
  const box = usePlace(question);
  return (
    <div
      ref={box}
      className="claimed-Chooser nowheel nodrag nopan"
      role="dialog"
      aria-label={question.heading}
      data-lm-suppress-shortcuts="true"
      onKeyDown={list.onKeyDown}
      onBlur={event => isLeft(event) && asker.close()}
    >
      <h3>{question.heading}</h3>
      <Search query={list.query} trans={trans} onChange={list.search} />
      {list.found.length === 0 && <p>{question.none}</p>}
      <Choices {...list} />
    </div>
  );
}

interface IList {
  query: string;
  found: IChoice[];
  /** The place in `found` of the one that Enter takes. */
  active: number;
  search: (query: string) => void;
  choose: (choice: IChoice | undefined) => void;
  onKeyDown: (event: React.KeyboardEvent) => void;
}

/** What of the choices is shown, and what the keys do. */
function useList({ asker, question }: IChooserProps): IList {
  const [query, setQuery] = React.useState('');
  const [at, setAt] = React.useState(0);
  const found = narrow(question.choices, query);
  const active = Math.min(at, found.length - 1);
  const choose = (choice: IChoice | undefined) => {
    if (choice) {
      asker.close();
      question.choose(choice.id);
    }
  };
  const move = (by: number) =>
    setAt((active + by + found.length) % Math.max(1, found.length));
  const keys: { [key: string]: () => void } = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => choose(found[active]),
    Escape: () => asker.close()
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (keys[event.key]) {
      keys[event.key]();
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const search = (text: string) => {
    setQuery(text);
    setAt(0);
  };
  return { query, found, active, search, choose, onKeyDown };
}

function Search(props: {
  query: string;
  trans: TranslationBundle;
  onChange: (query: string) => void;
}): JSX.Element {
  const { query, trans, onChange } = props;
  return (
    <input
      autoFocus
      className="jp-mod-styled"
      placeholder={trans.__('Type to search')}
      aria-label={trans.__('Search')}
      value={query}
      onChange={event => onChange(event.target.value)}
    />
  );
}

function Choices(props: {
  found: IChoice[];
  active: number;
  choose: (choice: IChoice) => void;
}): JSX.Element {
  return (
    <ul role="listbox">
      {props.found.map((choice, index) => (
        <li
          key={choice.id}
          ref={element => {
            if (index === props.active) {
              element?.scrollIntoView?.({ block: 'nearest' });
            }
          }}
          role="option"
          tabIndex={-1}
          data-choice={choice.id}
          aria-selected={index === props.active}
          onMouseDown={event => event.preventDefault()}
          onClick={() => props.choose(choice)}
        >
          {choice.icon && (
            <choice.icon.react className="claimed-Chooser-icon" tag="span" />
          )}
          <span>
            <span className="claimed-Chooser-title">{choice.title}</span>
            {choice.detail && (
              <span className="claimed-Chooser-detail">{choice.detail}</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function isLeft({ currentTarget, relatedTarget }: React.FocusEvent): boolean {
  return !currentTarget.contains(relatedTarget as Element | null);
}

/** Puts the list where it was asked for, and whole into the canvas. */
function usePlace({ at }: IQuestion): React.RefObject<HTMLDivElement> {
  const box = useFocusBack<HTMLDivElement>();
  React.useLayoutEffect(() => {
    const element = box.current!;
    const room = element.parentElement!.getBoundingClientRect();
    const { width, height } = element.getBoundingClientRect();
    const fit = (wanted: number, size: number, space: number) =>
      Math.max(8, Math.min(wanted, space - size - 8));
    const x = at ? at.x - room.left : (room.width - width) / 2;
    const y = at ? at.y - room.top : room.height / 6;
    element.style.left = `${fit(x, width, room.width)}px`;
    element.style.top = `${fit(y, height, room.height)}px`;
  }, [at, box]);
  return box;
}

/** The choices that have all the words, those that begin with them first. */
function narrow(choices: IChoice[], query: string): IChoice[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = ({ title, detail }: IChoice) =>
    `${title} ${detail ?? ''}`.toLowerCase();
  const found = choices.filter(choice =>
    words.every(word => text(choice).includes(word))
  );
  const begins = (choice: IChoice) =>
    words.length > 0 && text(choice).startsWith(words[0]) ? 0 : 1;
  return found.sort((a, b) => begins(a) - begins(b));
}
