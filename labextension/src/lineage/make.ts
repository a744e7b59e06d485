// Start-up does not pay for the style of what is not looked at.
import '../../style/lineage-graph.css';
import '../../style/lineage.css';
import '../../style/lineagepanel.css';
import { LineageClient } from '../api/lineage';
import { Actions } from './actions';
import { ExplorerModel } from './explorer';
import type { IOpenServices } from './open';
import { IPlace, NOWHERE } from './place';
import { RecentSearches } from './recent';
import { LineageView } from './widget';

/** Makes the explorer, which begins at a place. */
export async function makeView(
  services: IOpenServices,
  place: IPlace | null
): Promise<LineageView> {
  const { runs, state, themes, trans } = services;
  const client = new LineageClient(services.client.requests);
  const recent = new RecentSearches(state);
  await recent.load();
  const model = new ExplorerModel({
    client,
    runs,
    place: place ?? NOWHERE
  });
  const actions = new Actions({ ...services, client });
  model.compareRequested.connect((_, ids) => void actions.compare(ids));
  model.results.changed.connect(({ status, search }) => {
    if (status === 'ready' && search) {
      recent.add(search.query); // what is not understood is not offered again
    }
  });
  void model.begin();
  return new LineageView({ model, actions, recent, client, themes, trans });
}
