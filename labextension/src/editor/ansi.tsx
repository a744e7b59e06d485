import { Sanitizer } from '@jupyterlab/apputils';
import { renderText } from '@jupyterlab/rendermime';
import * as React from 'react';

const sanitizer = new Sanitizer();

/** Text in the colours that a terminal would give it, as in a notebook. */
export const TerminalText = React.memo(function TerminalText(props: {
  text: string;
  /** Called when the text is in the page. */
  onDrawn?: () => void;
}): JSX.Element {
  const { text, onDrawn } = props;
  const host = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    void renderText({ host: host.current!, sanitizer, source: text }).then(
      onDrawn
    );
  }, [text, onDrawn]);
  return <div ref={host} className="claimed-TerminalText jp-RenderedText" />;
});
