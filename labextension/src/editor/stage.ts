import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IComponent } from '../api/types';
import { Drawing } from '../drawing/drawing';
import { IEnd } from '../drawing/wiring';
import { EditorModel } from './model';

/** What all that is drawn on one canvas has in common. */
export interface IStage {
  model: EditorModel;
  drawing: Drawing;
  commands: CommandRegistry;
  components: () => Promise<IComponent[]>;
  trans: TranslationBundle;
}

const StageContext = React.createContext<IStage | null>(null);

export const StageProvider = StageContext.Provider;

export function useStage(): IStage {
  return React.useContext(StageContext)!;
}

/** Draws a component anew when the canvas asks or says something. */
export function useAsker(): Drawing['asker'] {
  const { asker } = useStage().drawing;
  const [, again] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    asker.changed.connect(again);
    return () => void asker.changed.disconnect(again);
  }, [asker]);
  return asker;
}

/** The handle where all inputs are joined that a card does not show. */
export const HIDDEN_INPUTS = '*';

export function handleId(side: IEnd['side'], port: string): string {
  return `${side}:${port}`;
}

/** The end of a wire that a handle of a card is. */
export function endOf(
  node: string | null | undefined,
  handle: string | null | undefined
): IEnd | null {
  const [side, ...port] = (handle ?? '').split(':');
  return node && (side === 'in' || side === 'out')
    ? { task: node, side, port: port.join(':') }
    : null;
}
