import * as React from 'react';

/** Gives the focus back to the canvas when a thing that had it is gone. */
export function useFocusBack<T extends HTMLElement>(): React.RefObject<T> {
  const ref = React.useRef<T>(null);
  React.useEffect(() => {
    const canvas = ref.current?.closest<HTMLElement>('.claimed-Canvas');
    return () => {
      const { activeElement, body } = document;
      if (!activeElement || activeElement === body) {
        canvas?.focus();
      }
    };
  }, []);
  return ref;
}
