import * as React from 'react';
import { fitIcon } from '../icons';
import { graphSubject } from './export/subject';
import { IconButton, MenuButton } from './header';
import { zoomInIcon, zoomOutIcon } from './icons';
import { IEntry } from './menu';
import { RUN } from './names';
import { GROUPINGS } from './place';
import { IShellProps } from './props';
import { useSignal } from './signals';
import { groupingWord } from './words';

/** How many of the places before are told. */
const TRAIL = 5;

/** What the drawn graph can be told to do. */
export interface IDrawn {
  fit: () => void;
  zoomIn: () => void;
  zoomOut: () => void;
  save: () => void;
}

/** What stands above the graph: the way here, its groups, its size. */
export function GraphBar(props: IShellProps & { drawn: IDrawn }): JSX.Element {
  const { model, trans } = props;
  useSignal(model.changed);
  useSignal(model.part.changed);
  useSignal(model.graph.changed);
  return (
    <div className="claimed-Lineage-bar">
      <Trail {...props} />
      <span className="claimed-Lineage-space" />
      <Counts {...props} />
      <MenuButton
        label={groupingWord(model.graph.grouping, trans)}
        entries={() => groupingEntries(props)}
      />
      <Zoom {...props} />
      <MenuButton label={trans.__('More')} entries={() => moreEntries(props)} />
    </div>
  );
}

function Zoom({ drawn, trans }: IShellProps & { drawn: IDrawn }): JSX.Element {
  return (
    <>
      <IconButton
        icon={zoomOutIcon}
        label={trans.__('Zoom out')}
        onClick={drawn.zoomOut}
      />
      <IconButton
        icon={zoomInIcon}
        label={trans.__('Zoom in')}
        onClick={drawn.zoomIn}
      />
      <IconButton
        icon={fitIcon}
        label={trans.__('Show the whole graph')}
        onClick={drawn.fit}
      />
    </>
  );
}

/** What the graph began at on the way here; a click goes back there. */
function Trail(props: IShellProps): JSX.Element {
  const { model, trans } = props;
  const { trail } = model.history;
  const { query, path, focus } = model.place;
  const beginning =
    focus === null && (query || path)
      ? trans.__('Around what was found')
      : focus === null
        ? trans.__('The newest run')
        : null;
  return (
    <nav
      className="claimed-Lineage-trail"
      aria-label={trans.__('Where the graph began')}
    >
      {beginning && <span>{beginning}</span>}
      {focus !== null &&
        trail.slice(-TRAIL).map((id, index, shown) => (
          <React.Fragment key={id}>
            {index > 0 && <span aria-hidden="true">›</span>}
            <button
              className="claimed-Link"
              aria-current={index === shown.length - 1 ? 'true' : undefined}
              title={trans.__(
                'Look at the graph around this: %1 (%2)',
                model.nameOf(id),
                id
              )}
              onClick={() => void model.focus(id)}
            >
              {trailWord(shown, id, props)}
            </button>
          </React.Fragment>
        ))}
    </nav>
  );
}

/** A name; with its id where the way has the same name twice. */
function trailWord(
  trail: string[],
  id: string,
  { model, trans }: IShellProps
): string {
  const name = model.nameOf(id);
  const isTwice = trail.filter(one => model.nameOf(one) === name).length > 1;
  const word = id.startsWith(RUN) ? trans.__('Run of %1', name) : name;
  return isTwice ? `${word} (${id.replace(/^.*[/:]/, '')})` : word;
}

function Counts({ model, trans }: IShellProps): JSX.Element {
  const { nodes } = model.graph.counts();
  return (
    <span className="claimed-quiet" role="status">
      {nodes > 0 && trans._n('%1 node', '%1 nodes', nodes)}
    </span>
  );
}

function moreEntries({
  model,
  actions,
  drawn,
  trans
}: IShellProps & { drawn: IDrawn }): IEntry[] {
  const subject = graphSubject(model, trans);
  return [
    { label: trans.__('Save as Picture'), execute: drawn.save },
    {
      label: trans.__('Show as Table'),
      execute: () => model.go({ view: 'table' })
    },
    {
      label: trans.__('Export Lineage…'),
      enabled: subject !== null,
      execute: () => subject && actions.exportLineage(subject)
    }
  ];
}

function groupingEntries({ model, trans }: IShellProps): IEntry[] {
  const { place } = model;
  return [
    {
      label: trans.__('As It Suits'),
      toggled: place.grouping === null,
      execute: () => model.go({ grouping: null })
    },
    ...GROUPINGS.map(grouping => ({
      label: groupingWord(grouping, trans),
      toggled: place.grouping === grouping,
      execute: () => model.go({ grouping })
    }))
  ];
}
