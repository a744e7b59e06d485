import { Dialog, showDialog } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { ICatalog } from '../api/types';
import { Busy } from './busy';
import { CatalogsModel, Work } from './model';
import { countLabel, fetchedLabel, kindLabel, shortDigest } from './words';

export interface ICatalogsProps {
  model: CatalogsModel;
  trans: TranslationBundle;
  /** Shows the components of a catalog. */
  show: (catalog: ICatalog) => void;
}

export function CatalogList(props: ICatalogsProps): JSX.Element {
  return (
    <ul className="claimed-Catalogs-list">
      {props.model.catalogs.map(catalog => (
        <Item key={catalog.name} catalog={catalog} {...props} />
      ))}
    </ul>
  );
}

interface IItemProps extends ICatalogsProps {
  catalog: ICatalog;
}

function Item(props: IItemProps): JSX.Element {
  const { catalog, model, trans } = props;
  const work = model.workOn(catalog.name);
  const problem = model.problemOf(catalog);
  return (
    <li
      className="claimed-Catalog"
      data-catalog={catalog.name}
      data-off={catalog.enabled ? undefined : true}
      aria-busy={work !== null}
    >
      <div className="claimed-Catalog-header">
        <h3>{catalog.name}</h3>
        <span className="claimed-Chip">{kindLabel(catalog.kind, trans)}</span>
        {catalog.outside && <Outside trans={trans} />}
        <OnOff {...props} />
      </div>
      <Location catalog={catalog} trans={trans} />
      {problem && (
        <p className="claimed-Catalog-problem" role="alert">
          {problem}
        </p>
      )}
      <Nothing {...props} />
      <div className="claimed-Catalog-footer">
        <Count {...props} />
        <span>{fetchedLabel(catalog, trans)}</span>
        {work && <Busy label={workLabel(work, trans)} />}
        <Actions {...props} />
      </div>
    </li>
  );
}

/** Why there may be nothing, where nothing is wrong. */
function Nothing({ catalog, model, trans }: IItemProps): JSX.Element | null {
  const { enabled, components, kind } = catalog;
  const isTree = kind === 'folder' || kind === 'git' || kind === 'archive';
  return enabled && components === 0 && isTree && !model.problemOf(catalog) ? (
    <p className="claimed-quiet">
      {trans.__(
        'No component was found here: each is a folder with a notebook of the same name.'
      )}
    </p>
  ) : null;
}

function Outside({ trans }: { trans: TranslationBundle }): JSX.Element {
  return (
    <span
      className="claimed-Chip"
      title={trans.__(
        'Its components are somebody else’s code; each asks before it first runs'
      )}
    >
      {trans.__('from outside')}
    </span>
  );
}

/** Where it is, which version was asked for, and which one is here. */
function Location(props: {
  catalog: ICatalog;
  trans: TranslationBundle;
}): JSX.Element {
  const { catalog, trans } = props;
  const { location, ref, digest } = catalog;
  return (
    <p className="claimed-Catalog-location">
      {/^https?:\/\//.test(location) ? (
        <a href={location} target="_blank" rel="noopener noreferrer">
          {location}
        </a>
      ) : (
        <code>{location}</code>
      )}
      {ref && <span>{trans.__('at %1', ref)}</span>}
      {digest && <code title={digest}>{shortDigest(digest, trans)}</code>}
    </p>
  );
}

function Count({ catalog, show, trans }: IItemProps): JSX.Element {
  const label = countLabel(catalog, trans);
  return catalog.enabled && catalog.components > 0 ? (
    <button
      className="claimed-Link"
      title={trans.__('Show them in the palette')}
      onClick={() => show(catalog)}
    >
      {label}
    </button>
  ) : (
    <span>{catalog.enabled ? label : trans.__('out of the palette')}</span>
  );
}

function OnOff({ catalog, model, trans }: IItemProps): JSX.Element {
  const { enabled, name } = catalog;
  return (
    <label className="claimed-Switch">
      <input
        type="checkbox"
        role="switch"
        checked={enabled}
        aria-disabled={model.workOn(name) !== null}
        aria-label={trans.__('Show the components of “%1”', name)}
        onChange={() => void model.setEnabled(catalog, !enabled)}
      />
      <span className="claimed-Switch-track" aria-hidden="true" />
      <span className="claimed-Switch-word" aria-hidden="true">
        {enabled ? trans.__('On') : trans.__('Off')}
      </span>
    </label>
  );
}

function Actions(props: IItemProps): JSX.Element {
  const { catalog, model, trans } = props;
  const { name, removable } = catalog;
  // Not `disabled`, which would take the keyboard's place away.
  const busy = model.workOn(name) !== null;
  return (
    <span className="claimed-Catalog-actions">
      <button
        className="jp-Button jp-mod-minimal"
        aria-disabled={busy}
        title={
          catalog.fetched
            ? trans.__('Fetch “%1” again', name)
            : trans.__('Read “%1” again', name)
        }
        onClick={() => void model.fetch(catalog)}
      >
        <refreshIcon.react tag="span" width="14px" />
        {trans.__('Refresh')}
      </button>
      {removable && (
        <button
          className="jp-Button jp-mod-minimal"
          aria-disabled={busy}
          title={trans.__('Remove “%1” from the catalogs', name)}
          onClick={event => void remove(props, event.currentTarget)}
        >
          {trans.__('Remove…')}
        </button>
      )}
    </span>
  );
}

/** Removes a catalog when the user is sure; the keyboard stays in the panel. */
async function remove(
  { catalog, model, trans }: IItemProps,
  button: HTMLElement
): Promise<void> {
  const panel = button.closest<HTMLElement>('.claimed-Catalogs');
  if (!model.workOn(catalog.name) && (await confirmsRemoval(catalog, trans))) {
    await model.remove(catalog);
    panel?.focus();
  }
}

async function confirmsRemoval(
  { name }: ICatalog,
  trans: TranslationBundle
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Remove the catalog?'),
    body: trans.__(
      'The components of “%1” leave the palette. Pipelines that use them will not run until it is added again.',
      name
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep') }),
      Dialog.warnButton({ label: trans.__('Remove') })
    ],
    defaultButton: 0
  });
  return button.accept;
}

function workLabel(work: Work, trans: TranslationBundle): string {
  switch (work) {
    case 'switch':
      return trans.__('Switching…');
    case 'fetch':
      return trans.__('Fetching…');
    case 'remove':
      return trans.__('Removing…');
  }
}
