import { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { IEngine } from '../api/engines';
import { IPart } from '../api/types';
import { engineIcon } from '../icons';
import { EngineChoice } from './choice';

interface IFieldProps {
  choice: EngineChoice;
  /** What of the pipeline is to run. */
  part?: IPart;
  /** Leads to the settings of an engine. */
  setUp: (engine: string) => void;
  trans: TranslationBundle;
}

/** Asks what to run on; nothing where there is no choice. */
export function EngineField(props: IFieldProps): JSX.Element {
  return (
    <UseSignal signal={props.choice.changed}>
      {() => <Engines {...props} />}
    </UseSignal>
  );
}

function Engines(props: IFieldProps): JSX.Element | null {
  const { choice, trans } = props;
  const { engines, isChoice } = choice.engines;
  return isChoice ? (
    <fieldset className="claimed-Engines">
      <legend>{trans.__('Run on')}</legend>
      {engines.map(engine => (
        <Option key={engine.name} {...props} engine={engine} />
      ))}
    </fieldset>
  ) : null;
}

function Option(props: IFieldProps & { engine: IEngine }): JSX.Element {
  const { choice, engine, part, trans } = props;
  const { name, title, description, problem, configurable } = engine;
  const why = whyNot(engine, part, trans);
  const icon = engineIcon(name);
  const id = `claimed-engine-${name}`;
  return (
    <div className="claimed-Engines-option" data-engine={name}>
      <input
        id={id}
        type="radio"
        name="claimed-engine"
        checked={choice.name === name}
        disabled={why !== null && choice.name !== name}
        aria-describedby={`${id}-words`}
        onChange={() => void choice.choose(name)}
      />
      <label htmlFor={id}>
        <icon.react tag="span" className="claimed-Engine-icon" />
        {title}
      </label>
      {configurable && <SetUp {...props} />}
      <p
        id={`${id}-words`}
        data-problem={problem !== null || why !== null || undefined}
      >
        {why ?? problem ?? description}
      </p>
    </div>
  );
}

function SetUp(props: IFieldProps & { engine: IEngine }): JSX.Element {
  const { engine, setUp, trans } = props;
  const { name, title, ready } = engine;
  return (
    <button
      type="button"
      className={
        ready ? 'claimed-Link' : 'jp-Button jp-mod-styled jp-mod-accept'
      }
      title={trans.__('Leads to the settings of %1', title)}
      onClick={() => setUp(name)}
    >
      {ready ? trans.__('Settings') : trans.__('Set up…')}
    </button>
  );
}

/** Why an engine cannot be taken now; null when it can. */
function whyNot(
  { ready, problem, features }: IEngine,
  part: IPart | undefined,
  trans: TranslationBundle
): string | null {
  if (!ready) {
    return problem ?? trans.__('It is not set up.');
  }
  return isPart(part) && !features.includes('parts')
    ? trans.__('It runs whole pipelines only.')
    : null;
}

/** Whether something is left out. */
export function isPart(part: IPart | undefined): boolean {
  return Object.values(part ?? {}).some(Boolean);
}
