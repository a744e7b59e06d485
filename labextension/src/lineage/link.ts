import { IRouter, JupyterFrontEnd } from '@jupyterlab/application';
import { CommandIDs } from '../tokens';

/** What a URL of a place has in it. */
const LINK = /[?&]lineage(?=[=&#]|$)/;

const COMMAND = 'claimed:open-lineage-link';

/** JupyterLab clears its state first, and comes back here without the word. */
const RESET = /[?&](reset|clone)\b/;

/** Lets a URL lead to a place of the lineage. */
export function addLink(app: JupyterFrontEnd, router: IRouter): void {
  app.commands.addCommand(COMMAND, {
    execute: async args => {
      const { placeOfLink, withoutLink } = await import('./place');
      const { path, search } = args as unknown as IRouter.ILocation;
      const place = placeOfLink(search ?? '');
      if (!place || RESET.test(search ?? '')) {
        return;
      }
      // Once: a page that is loaded again comes back to where one was then.
      const url = `${path}${withoutLink(search ?? '')}`;
      router.navigate(url, { skipRouting: true });
      // Not awaited: what is restored waits for the routes.
      void app.restored.then(() =>
        app.commands.execute(CommandIDs.openLineage, {
          place: { ...place }
        })
      );
    }
  });
  router.register({ command: COMMAND, pattern: LINK, rank: 40 });
}
