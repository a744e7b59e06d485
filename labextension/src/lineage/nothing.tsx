import * as React from 'react';
import { Hint, RetryHint } from '../hint';
import { examples } from './examples';
import { IShellProps } from './props';
import { useSignal } from './signals';

/** Why nothing is shown, if so. */
export type Nothing = 'loading' | 'error' | 'empty' | 'none' | 'unused' | null;

/** Why the graph or the table has nothing to show; null when it has. */
export function nothingOf({ model }: Pick<IShellProps, 'model'>): Nothing {
  const { place, results, part, graph } = model;
  const isDrawn = graph.nodes.length > 0;
  const isGraph = place.view === 'graph';
  if (place.view === 'timeline') {
    return isEmpty(model) ? 'empty' : null;
  }
  if (isGraph && place.focus !== null) {
    return isDrawn ? null : part.status === 'ready' ? 'none' : part.status;
  }
  if (!isGraph && place.focus !== null && isDrawn && !results.nodes.length) {
    const isAsked = place.query !== '' || place.path !== null;
    return isAsked && results.status !== 'ready' ? results.status : null;
  }
  if (results.nodes.length > 0 && results.status !== 'error') {
    return isGraph && part.status === 'error' ? 'error' : null;
  }
  if (results.status !== 'ready') {
    return results.status;
  }
  const { query, path } = place;
  return path !== null ? 'unused' : query === '' ? 'empty' : 'none';
}

/** Whether there is no lineage at all, so that nothing can be selected either. */
export function isEmpty({ place, results }: IShellProps['model']): boolean {
  const { search, status, nodes } = results;
  return (
    place.focus === null &&
    place.selected === null &&
    search?.query === '' &&
    search.path === null &&
    status === 'ready' &&
    nodes.length === 0
  );
}

/** What is said instead of a graph or a table, and what one can do next. */
export function NothingHere(props: IShellProps): JSX.Element | null {
  const { model, trans } = props;
  useSignal(model.changed);
  useSignal(model.results.changed);
  useSignal(model.part.changed);
  switch (nothingOf(props)) {
    case 'loading':
      return <Hint text={trans.__('Asking the lineage…')} busy />;
    case 'error':
      return <Failure {...props} />;
    case 'empty':
      return <NoRuns {...props} />;
    case 'unused':
      return <Unused {...props} />;
    case 'none':
      return <NoneFound {...props} />;
    case null:
      return null;
  }
}

/** A query that is not understood is told at the box: here is what would be. */
function Failure(props: IShellProps): JSX.Element {
  const { model, trans } = props;
  const { results, part } = model;
  if (results.status === 'error' && results.column !== null) {
    return (
      <Hint text={trans.__('The search is not understood; see above.')}>
        <Examples {...props} />
      </Hint>
    );
  }
  return (
    <RetryHint
      text={part.status === 'error' ? part.error : results.error}
      retry={() => model.retry()}
      trans={trans}
    />
  );
}

function NoRuns({ actions, trans }: IShellProps): JSX.Element {
  return (
    <div className="claimed-Lineage-first">
      <h2>{trans.__('No lineage yet')}</h2>
      <p>
        {trans.__(
          'Every run leaves here what it read, what it made and what it ran with. Run a pipeline, and come back to see where its results came from.'
        )}
      </p>
      <button
        className="jp-Button jp-mod-styled jp-mod-accept"
        onClick={() => actions.newPipeline()}
      >
        {trans.__('New pipeline')}
      </button>
    </div>
  );
}

function Unused({ model, trans }: IShellProps): JSX.Element {
  return (
    <div className="claimed-Lineage-first">
      <h2>{trans.__('Not used yet')}</h2>
      <p>
        {trans.__(
          'No run that is recorded has read, made or executed “%1”.',
          model.place.path!
        )}
      </p>
      <p>
        {trans.__(
          'Lineage knows of a file when a task of a pipeline takes it as an input, or when it is a notebook or a pipeline that was run.'
        )}
      </p>
    </div>
  );
}

function NoneFound(props: IShellProps): JSX.Element {
  const { model, trans } = props;
  const { query, focus } = model.place;
  const text = query
    ? trans.__('Nothing is like “%1”.', query)
    : trans.__('There is nothing called “%1” in the lineage.', focus ?? '');
  const terms = query.split(/\s+/).filter(term => /^[^()+"]+$/.test(term));
  return (
    <Hint text={text}>
      {terms.length > 1 && (
        <p>
          {trans.__('Try one of its terms alone:')}{' '}
          {terms.map(term => (
            <SearchLink key={term} {...props} query={term} />
          ))}
        </p>
      )}
      <Examples {...props} />
    </Hint>
  );
}

function Examples(props: IShellProps): JSX.Element {
  const { trans } = props;
  return (
    <>
      <p>{trans.__('You could search for')}</p>
      <ul className="claimed-Lineage-examples">
        {examples(trans).map(({ text, about }) => (
          <li key={text}>
            <SearchLink {...props} query={text} />
            <span className="claimed-quiet">{about}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function SearchLink({
  model,
  query
}: IShellProps & { query: string }): JSX.Element {
  return (
    <button
      className="claimed-Link claimed-Lineage-query"
      onClick={() =>
        void model.go({ query, path: null, focus: null, view: 'table' })
      }
    >
      <code>{query}</code>
    </button>
  );
}
