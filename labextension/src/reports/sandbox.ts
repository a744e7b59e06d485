import { IFrame } from '@jupyterlab/ui-components';

/**
 * A page that may run its own scripts but knows nothing of JupyterLab.
 *
 * Without `allow-same-origin` the page has an origin of its own: it reads no
 * cookie, no storage, and calls no Jupyter API in the user's name.
 */
export class SandboxedPage extends IFrame {
  constructor(html: string, title: string) {
    super({ sandbox: ['allow-scripts'], referrerPolicy: 'no-referrer' });
    this.addClass('claimed-Sandbox');
    const frame = this.node.querySelector('iframe')!;
    frame.title = title;
    frame.srcdoc = html;
  }
}
