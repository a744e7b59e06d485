import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IShellProps } from './props';
import { IChoice, SearchModel } from './searchmodel';
import { useSignal } from './signals';

/** The id of the list, for those who listen. */
const LIST = 'claimed-lineage-suggestions';

interface ISearchProps extends IShellProps {
  search: SearchModel;
}

/** The search box: the query language, completed while one types. */
export function SearchBox(props: ISearchProps): JSX.Element {
  const { model, search, trans } = props;
  useSignal(search.changed);
  useSignal(model.results.changed);
  const { results } = model;
  const isAsked = search.text === model.place.query;
  const error = results.status === 'error' && isAsked ? results.error : '';
  return (
    <div className="claimed-Lineage-search" role="search">
      <Field {...props} isWrong={error !== ''} />
      {search.text && (
        <button
          className="jp-Button jp-mod-minimal claimed-Lineage-clear"
          title={trans.__('Clear the search')}
          aria-label={trans.__('Clear the search')}
          onClick={() => search.search('')}
        >
          ✕
        </button>
      )}
      {search.isOpen && <Choices search={search} trans={trans} />}
      {error && (
        <p className="claimed-Lineage-searchError" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

function Field(props: ISearchProps & { isWrong: boolean }): JSX.Element {
  const { model, search, isWrong, trans } = props;
  const input = React.useRef<HTMLInputElement>(null);
  const mark = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    if (search.cursor !== null) {
      input.current?.setSelectionRange(search.cursor, search.cursor);
    }
  });
  const at = () => input.current?.selectionStart ?? search.text.length;
  return (
    <div className="claimed-Lineage-box">
      <input
        ref={input}
        {...BOX}
        placeholder={trans.__('Search: a name, type:Model, accuracy>0.9 …')}
        aria-label={trans.__('Search lineage')}
        aria-expanded={search.isOpen}
        aria-invalid={isWrong}
        aria-activedescendant={
          search.active >= 0 ? `${LIST}-${search.active}` : undefined
        }
        value={search.text}
        onChange={event => search.type(event.target.value, at())}
        onFocus={() => search.open()}
        onBlur={() => search.close()}
        onKeyDown={event => onKey(event, search)}
        onScroll={({ currentTarget }) => {
          mark.current?.scrollTo(currentTarget.scrollLeft, 0);
        }}
      />
      {isWrong && (
        <div className="claimed-Lineage-mark" aria-hidden="true" ref={mark}>
          <Marked text={search.text} column={model.results.column} />
        </div>
      )}
    </div>
  );
}

/** What the box is, whatever is in it. */
const BOX = {
  type: 'text',
  role: 'combobox',
  className: 'jp-mod-styled',
  spellCheck: false,
  autoComplete: 'off',
  'aria-controls': LIST,
  'aria-autocomplete': 'list',
  'data-lm-suppress-shortcuts': 'true'
} as const;

/** Keys of a box with a list; the others write. */
function onKey(event: React.KeyboardEvent, search: SearchModel): void {
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      event.preventDefault();
      search.step(event.key === 'ArrowDown' ? 1 : -1);
      break;
    case 'Tab':
      if (search.takeActive()) {
        event.preventDefault();
      }
      break;
    case 'Enter':
      event.preventDefault();
      if (!search.takeActive()) {
        search.search();
      }
      break;
    case 'Escape':
      search.close();
      break;
  }
}

/** The query, underlined where it is not understood. */
function Marked(props: {
  text: string;
  column: number | null;
}): JSX.Element | null {
  const { text, column } = props;
  if (column === null) {
    return null;
  }
  const at = Math.min(column - 1, Math.max(0, text.length - 1));
  const [wrong] = text.slice(at).split(/\s/);
  return (
    <>
      <span>{text.slice(0, at)}</span>
      <span data-wrong>{wrong || text.slice(at, at + 1) || ' '}</span>
    </>
  );
}

function Choices(props: {
  search: SearchModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { search, trans } = props;
  const list = React.useRef<HTMLUListElement>(null);
  React.useEffect(() => {
    list.current
      ?.querySelector('[aria-selected=true]')
      ?.scrollIntoView?.({ block: 'nearest' });
  }, [search.active]);
  const title = search.text === '' ? trans.__('You could search for') : '';
  return (
    <div className="claimed-Lineage-choices">
      {title && <p className="claimed-quiet">{title}</p>}
      <ul
        role="listbox"
        id={LIST}
        ref={list}
        aria-label={trans.__('Suggestions')}
      >
        {search.choices.map((choice, index) => (
          <Choice key={index} {...{ choice, index, search }} />
        ))}
      </ul>
    </div>
  );
}

function Choice(props: {
  choice: IChoice;
  index: number;
  search: SearchModel;
}): JSX.Element {
  const { choice, index, search } = props;
  return (
    <li
      id={`${LIST}-${index}`}
      role="option"
      aria-selected={index === search.active}
      // Before the box loses the focus, and the list is gone.
      onMouseDown={event => {
        event.preventDefault();
        search.take(index);
      }}
    >
      <code>{choice.text}</code>
      <span className="claimed-quiet">{choice.about}</span>
    </li>
  );
}
