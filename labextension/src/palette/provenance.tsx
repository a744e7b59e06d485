import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IComponent } from '../api/types';
import { Facts } from '../catalogs/facts';
import { CommandIDs } from '../tokens';

interface IProps {
  component: IComponent;
  trans: TranslationBundle;
}

/** Who made a component and where it is from, always; and whether it may run. */
export function Provenance(
  props: IProps & { commands: CommandRegistry }
): JSX.Element {
  const { component, commands, trans } = props;
  const { author, catalog, origin, reference } = component;
  const facts: [string, string][] = [
    [trans.__('Author'), author || trans.__('not named')],
    [trans.__('Catalog'), catalog],
    [trans.__('From'), origin]
  ];
  const trust = trustSentence(component, trans);
  return (
    <>
      <h4>{trans.__('Origin')}</h4>
      <Facts facts={facts} />
      {trust && <p>{trust}</p>}
      {!component.container && (
        <button
          className="claimed-Link"
          onClick={() =>
            void commands.execute(CommandIDs.openCode, { reference })
          }
        >
          {trans.__('Look at the code')}
        </button>
      )}
    </>
  );
}

function trustSentence(
  { outside, trusted, container }: IComponent,
  trans: TranslationBundle
): string {
  if (!outside || container) {
    return '';
  }
  return trusted
    ? trans.__('From outside. You let it run, as it is now.')
    : trans.__('From outside. It asks before it first runs.');
}

/** The image of a component that is no notebook. */
export function ContainerFacts(props: IProps): JSX.Element | null {
  const { component, trans } = props;
  const { container } = component;
  return container ? (
    <>
      <h4>{trans.__('Container')}</h4>
      <p>
        <code>{container.image}</code>
      </p>
      <p>{trans.__('It runs on Kubeflow only, not on this server.')}</p>
    </>
  ) : null;
}
