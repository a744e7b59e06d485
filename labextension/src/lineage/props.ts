import { TranslationBundle } from '@jupyterlab/translation';
import { Actions } from './actions';
import { ExplorerModel } from './explorer';
import { RecentSearches } from './recent';

/** What every part of the explorer knows. */
export interface IShellProps {
  model: ExplorerModel;
  actions: Actions;
  recent: RecentSearches;
  trans: TranslationBundle;
}
