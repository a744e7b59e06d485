import { Widget } from '@lumino/widgets';
import * as React from 'react';

/** A Lumino widget inside React; disposed when it goes. */
export function Hosted(props: {
  /** Makes the widget; another function makes another. */
  make: () => Widget;
  className?: string;
}): JSX.Element {
  const { make, className } = props;
  const host = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    const widget = make();
    Widget.attach(widget, host.current!);
    return () => widget.dispose();
  }, [make]);
  return <div ref={host} className={className} />;
}
