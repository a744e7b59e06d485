import { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { CommandIDs } from '../tokens';
import { EngineChoice } from './choice';

interface ISwitchProps {
  choice: EngineChoice;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** The engine of a document, in its toolbar; not there while there is but one. */
export class EngineSwitch extends ReactWidget {
  constructor(private readonly _props: ISwitchProps) {
    super();
    this.addClass('claimed-EngineSwitch');
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this._props.choice.changed}>
        {() => <Switch {...this._props} />}
      </UseSignal>
    );
  }
}

function Switch(props: ISwitchProps): JSX.Element | null {
  const { choice, commands, trans } = props;
  const { engines, isChoice } = choice.engines;
  if (!isChoice) {
    return null;
  }
  const choose = (name: string) => {
    const isReady = choice.engines.get(name)?.ready;
    return isReady
      ? choice.choose(name)
      : commands.execute(CommandIDs.engineSettings, { engine: name });
  };
  const words = choice.engine?.description ?? '';
  return (
    <HTMLSelect
      aria-label={trans.__('Engine')}
      title={trans.__('What the pipeline runs on. %1', words)}
      value={choice.name}
      onChange={event => void choose(event.target.value)}
    >
      {engines
        .filter(({ ready, configurable }) => ready || configurable)
        .map(({ name, title, ready }) => (
          <option key={name} value={name}>
            {ready ? title : trans.__('%1: set up…', title)}
          </option>
        ))}
    </HTMLSelect>
  );
}
