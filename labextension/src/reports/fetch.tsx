import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Panel, Widget } from '@lumino/widgets';
import * as React from 'react';
import { messageOf } from '../api/errors';
import { IOutputView } from '../api/types';
import { Busy } from '../catalogs/busy';
import { fileSize } from '../runs/format';

interface IFetchOptions {
  output: IOutputView;
  /** Brings it here. */
  fetch: () => Promise<IOutputView>;
  /** Makes the view of what was brought. */
  view: (output: IOutputView) => Widget;
  trans: TranslationBundle;
}

/** An output that is large and elsewhere: how large, where, and a button that brings it here. */
export class FetchView extends Panel {
  constructor(private readonly _options: IFetchOptions) {
    super();
    this.addClass('claimed-FetchView');
    this._question = new Question(_options, output => this._show(output));
    this.addWidget(this._question);
  }

  private _show(output: IOutputView): void {
    if (!this.isDisposed) {
      this._question.dispose();
      this.addWidget(this._options.view(output));
    }
  }

  private readonly _question: Question;
}

class Question extends ReactWidget {
  constructor(
    private readonly _options: IFetchOptions,
    private readonly _show: (output: IOutputView) => void
  ) {
    super();
  }

  protected override render(): JSX.Element {
    const { output, trans } = this._options;
    const { name, uri, size } = output;
    return (
      <div className="claimed-Message" role="status">
        <h2>{name}</h2>
        <p className="claimed-Message-text">
          {typeof size === 'number'
            ? trans.__('%1, and still where the task left it.', fileSize(size))
            : trans.__('It is still where the task left it.')}
        </p>
        <p>
          <code>{uri}</code>
        </p>
        {this._renderButton()}
      </div>
    );
  }

  private _renderButton(): JSX.Element {
    const { trans } = this._options;
    return this._isBusy ? (
      <Busy label={trans.__('Fetching…')} />
    ) : (
      <>
        {this._problem && (
          <p className="claimed-Field-problem" role="alert">
            {this._problem}
          </p>
        )}
        <button
          className="jp-Button jp-mod-styled jp-mod-accept"
          title={trans.__('Brings the file to this machine')}
          onClick={() => void this._fetch()}
        >
          {trans.__('Fetch')}
        </button>
      </>
    );
  }

  private async _fetch(): Promise<void> {
    this._isBusy = true;
    this._problem = '';
    this.update();
    try {
      this._show(await this._options.fetch());
    } catch (error) {
      this._problem = messageOf(error);
    }
    this._isBusy = false;
    this.update();
  }

  private _isBusy = false;
  private _problem = '';
}
