import { Time } from '@jupyterlab/coreutils';
import { TranslationBundle } from '@jupyterlab/translation';
import { ICatalog } from '../api/types';
import { IDone } from './model';

export function kindLabel(
  kind: ICatalog['kind'],
  trans: TranslationBundle
): string {
  switch (kind) {
    case 'folder':
      return trans.__('Folder');
    case 'package':
      return trans.__('Installed package');
    case 'git':
      return trans.__('Git repository');
    case 'archive':
      return trans.__('Archive');
    case 'kfp':
      return trans.__('Kubeflow component');
    case 'elyra':
      return trans.__('Elyra catalog');
  }
}

/** A digest as a person compares it: `commit 1a2b3c4`, `sha256 9f86d081884c`. */
export function shortDigest(digest: string, trans: TranslationBundle): string {
  const [kind, value] = digest.split(':', 2);
  if (!value) {
    return digest.slice(0, 12);
  }
  return kind === 'git'
    ? trans.__('commit %1', value.slice(0, 7))
    : `${kind} ${value.slice(0, 12)}`;
}

/** When a catalog was fetched; a folder is read where it is. */
export function fetchedLabel(
  { fetched, outside }: ICatalog,
  trans: TranslationBundle
): string {
  if (fetched) {
    return trans.__('fetched %1', Time.formatHuman(new Date(fetched)));
  }
  return outside ? trans.__('not fetched yet') : trans.__('read where it is');
}

export function countLabel(
  { components }: ICatalog,
  trans: TranslationBundle
): string {
  return trans._n('%1 component', '%1 components', components);
}

/** What was done, in a sentence. */
export function doneSentence(
  { what, catalog }: IDone,
  trans: TranslationBundle
): string {
  const { name } = catalog;
  switch (what) {
    case 'added':
      return trans.__('“%1” was added: %2.', name, countLabel(catalog, trans));
    case 'enabled':
      return trans.__('“%1” is on.', name);
    case 'disabled':
      return trans.__('“%1” is off: its components left the palette.', name);
    case 'fetched':
      return trans.__('“%1” is up to date.', name);
    case 'removed':
      return trans.__('“%1” was removed.', name);
  }
}
