import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { Actions } from './actions';
import { download } from './csv';

interface ICardOptions {
  name: string;
  /** The card as Markdown, and as it is rendered. */
  text: string;
  html: HTMLElement;
  actions: Actions;
  trans: TranslationBundle;
}

/** A model card, rendered; to be copied or taken along as Markdown. */
export class CardView extends ReactWidget {
  constructor(private readonly _options: ICardOptions) {
    super();
    this.addClass('claimed-CardView');
    this.node.tabIndex = -1;
  }

  protected override render(): JSX.Element {
    const { name, text, html, actions, trans } = this._options;
    const file = `${name.replace(/[^\w.-]+/g, '-')}-card.md`;
    return (
      <>
        <p>
          <button
            className="jp-Button jp-mod-styled"
            onClick={() => actions.copyQuietly(text)}
          >
            {trans.__('Copy Markdown')}
          </button>
          <button
            className="jp-Button jp-mod-styled"
            onClick={() => download(file, text, 'text/markdown')}
          >
            {trans.__('Download')}
          </button>
        </p>
        <Element node={html} />
      </>
    );
  }
}

/** An element that something else has made. */
export function Element({ node }: { node: HTMLElement }): JSX.Element {
  const host = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    host.current!.replaceChildren(node);
  }, [node]);
  return <div ref={host} />;
}
