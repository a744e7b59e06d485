import { ISignal } from '@lumino/signaling';
import * as React from 'react';

/** Draws a component anew whenever a signal is emitted. */
export function useSignal<S, T>(signal: ISignal<S, T>): void {
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  // From the moment it is there: an effect may come after the first key.
  React.useLayoutEffect(() => {
    const slot = () => redraw();
    signal.connect(slot);
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
}
