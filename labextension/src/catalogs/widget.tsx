import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import * as React from 'react';
import { Hint, RetryHint } from '../hint';
import { AddCatalog } from './form';
import { CatalogList, ICatalogsProps } from './list';
import { doneSentence } from './words';

/** The places that components come from, and a form that adds one. */
export class CatalogsPanel extends ReactWidget {
  constructor(private readonly _props: ICatalogsProps) {
    super();
    this.addClass('claimed-Catalogs');
    this.node.tabIndex = -1;
  }

  /** Puts the cursor into the form. */
  addOne(): void {
    void this.renderPromise?.then(() => focusForm(this.node));
  }

  /** They may have been changed elsewhere, by the command line for one. */
  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    void this._props.model.refresh();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    void this._props.model.refresh();
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    if (!this.node.contains(document.activeElement)) {
      this.node.focus();
    }
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this._props.model.changed}>
        {() => <Catalogs {...this._props} />}
      </UseSignal>
    );
  }
}

function Catalogs(props: ICatalogsProps): JSX.Element {
  const { model, trans } = props;
  return (
    <div className="claimed-Catalogs-body">
      <section aria-labelledby="claimed-catalogs-title">
        <div className="claimed-Catalogs-header">
          <h2 id="claimed-catalogs-title">{trans.__('Catalogs')}</h2>
          <ToForm trans={trans} />
        </div>
        <p className="claimed-quiet">
          {trans.__(
            'The places that the components of the palette come from. What is off stays here, out of the palette.'
          )}
        </p>
        <p className="claimed-Catalogs-done" role="status">
          {model.done && doneSentence(model.done, trans)}
        </p>
        <Found {...props} />
      </section>
      <AddCatalog model={model} trans={trans} />
    </div>
  );
}

/** Shown where the form is not beside the list but far below it. */
function ToForm({ trans }: { trans: TranslationBundle }): JSX.Element {
  return (
    <button
      className="claimed-Catalogs-toForm jp-Button jp-mod-styled jp-mod-accept"
      onClick={event =>
        focusForm(event.currentTarget.closest('.claimed-Catalogs'))
      }
    >
      {trans.__('Add a catalog')}
    </button>
  );
}

function focusForm(within: Element | null): void {
  within?.querySelector<HTMLInputElement>('input[name=location]')?.focus();
}

function Found(props: ICatalogsProps): JSX.Element {
  const { model, trans } = props;
  if (model.status === 'loading') {
    return <Hint text={trans.__('Loading catalogs…')} busy />;
  }
  if (model.status === 'error') {
    return (
      <RetryHint
        text={model.error}
        retry={() => model.refresh()}
        trans={trans}
      />
    );
  }
  if (model.catalogs.length === 0) {
    return (
      <Hint
        text={trans.__('No catalogs yet. Add the first one with the form.')}
      />
    );
  }
  return <CatalogList {...props} />;
}
