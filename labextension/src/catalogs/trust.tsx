import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { ClaimedClient } from '../api/client';
import { IUntrusted } from '../api/types';
import { CommandIDs } from '../tokens';
import { withConsent } from './consent';
import { Facts } from './facts';

export interface ITrustOptions {
  client: ClaimedClient;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** A component in question, with where its code is; empty when not known. */
interface IQuestioned extends IUntrusted {
  path: string;
}

/**
 * Starts a run; asks first where that takes code from outside that has not
 * run here yet. Resolves to null when the user would rather not run it.
 */
export function startWithTrust<T>(
  start: () => Promise<T>,
  { client, commands, trans }: ITrustOptions
): Promise<T | null> {
  return withConsent(start, {
    ask: async components =>
      confirmsTrust(await withPaths(components, client), commands, trans),
    trust: async components => {
      await client.trust(components);
      // The palette marks what is not trusted.
      void commands.execute(CommandIDs.refreshComponents);
    }
  });
}

/** A path is a help, not a condition: without it, the question is asked all the same. */
function withPaths(
  components: IUntrusted[],
  client: ClaimedClient
): Promise<IQuestioned[]> {
  return Promise.all(
    components.map(async component => {
      const known = client.component(component.reference).catch(() => null);
      return { ...component, path: (await known)?.path ?? '' };
    })
  );
}

async function confirmsTrust(
  components: IQuestioned[],
  commands: CommandRegistry,
  trans: TranslationBundle
): Promise<boolean> {
  const dialog = new Dialog({
    title: trans._n(
      'Trust this component?',
      'Trust these %1 components?',
      components.length
    ),
    body: new TrustQuestion(components, trans, reference => {
      // Code is read in the main area, which the question covers.
      dialog.reject();
      void commands.execute(CommandIDs.openCode, { reference });
    }),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Trust and run') })
    ],
    defaultButton: 0
  });
  return (await dialog.launch()).button.accept;
}

class TrustQuestion extends ReactWidget {
  constructor(
    private readonly _components: IQuestioned[],
    private readonly _trans: TranslationBundle,
    private readonly _look: (reference: string) => void
  ) {
    super();
    this.addClass('claimed-Trust');
  }

  protected override render(): JSX.Element {
    const trans = this._trans;
    return (
      <>
        <p>
          {trans.__(
            'This is somebody else’s code, and new here. It runs as you: it can read and change your files, and use the network.'
          )}
        </p>
        <ul>
          {this._components.map(component => (
            <Questioned
              key={component.reference}
              component={component}
              trans={trans}
              look={this._look}
            />
          ))}
        </ul>
        <p className="claimed-quiet">
          {trans._n(
            'When its code changes, you are asked again.',
            'When the code of one changes, you are asked again.',
            this._components.length
          )}
        </p>
      </>
    );
  }
}

function Questioned(props: {
  component: IQuestioned;
  trans: TranslationBundle;
  look: (reference: string) => void;
}): JSX.Element {
  const { component, trans, look } = props;
  const facts: [string, string][] = [
    [trans.__('Author'), component.author || trans.__('not named')],
    [trans.__('From'), component.origin],
    [trans.__('Code'), component.path]
  ];
  return (
    <li>
      <strong>{component.title}</strong> <code>{component.reference}</code>
      <Facts facts={facts} />
      <button
        className="claimed-Link"
        title={trans.__('Does not run it. Run again when you have read it.')}
        onClick={() => look(component.reference)}
      >
        {trans.__('Look at the code')}
      </button>
    </li>
  );
}
