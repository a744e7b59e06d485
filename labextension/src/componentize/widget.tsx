import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { IInspection } from '../api/types';
import { Message, RetryMessage } from '../editor/message';
import { iconOf } from '../icons';
import { Advice } from './advice';
import { Differences, Findings } from './findings';
import { ComponentizeModel } from './model';
import { Ports } from './ports';
import { FixStatus } from './status';
import type { ITryProps } from './tryview';

/** Its form brings what checks it: 75 KB that the start need not pay for. */
const TrySection = React.lazy(async () => ({
  default: (await import('./tryview')).TrySection
}));

function TryIt(props: ITryProps): JSX.Element {
  return (
    <React.Suspense fallback={null}>
      <TrySection {...props} />
    </React.Suspense>
  );
}

export interface IComponentizeOptions {
  model: ComponentizeModel;
  trans: TranslationBundle;
  /** Makes the component, and tells the user how it went. */
  create: () => Promise<void>;
  /** Opens the form of its name, title, tags and the like. */
  editDetails: () => Promise<void>;
  tryIt: ITryProps;
}

/** The component that a notebook would become, and the button that makes it. */
export class ComponentizePanel extends ReactWidget {
  constructor(private readonly _options: IComponentizeOptions) {
    super();
    this.addClass('claimed-Componentize');
    this.node.tabIndex = -1; // takes the focus when the panel is opened
    this.node.addEventListener('keydown', event => this._onKeyDown(event));
  }

  override dispose(): void {
    this._options.model.dispose();
    this._options.tryIt.model.dispose();
    super.dispose();
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this._options.model.changed}>
        {() => <Panel {...this._options} />}
      </UseSignal>
    );
  }

  /** Escape leads back to the notebook; what undoes there undoes a fix here. */
  private _onKeyDown(event: KeyboardEvent): void {
    const { model } = this._options;
    const isText = (event.target as Element).matches('input, textarea');
    const isUndo =
      event.key.toLowerCase() === 'z' &&
      (event.ctrlKey || event.metaKey) &&
      !event.shiftKey;
    if (event.key === 'Escape') {
      model.leave();
    } else if (isUndo && !isText && model.applied) {
      void model.undoFix();
      this.node.focus(); // the button that had the focus goes away
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

function Panel(props: IComponentizeOptions): JSX.Element {
  const { model, trans } = props;
  if (model.inspection) {
    return <Understood {...props} inspection={model.inspection} />;
  }
  if (model.status === 'failed') {
    return (
      <RetryMessage
        heading={trans.__('The notebook could not be inspected')}
        text={model.error}
        trans={trans}
        retry={() => model.refresh()}
      />
    );
  }
  return <Message text={trans.__('Inspecting the notebook…')} />;
}

interface IUnderstoodProps extends IComponentizeOptions {
  inspection: IInspection;
}

function Understood(props: IUnderstoodProps): JSX.Element {
  const { inspection, model, trans } = props;
  const { inputs, outputs } = inspection.component;
  const isEmpty = inputs.length + outputs.length === 0;
  return (
    <>
      <div className="claimed-Componentize-body">
        <Header {...props} />
        {model.error && <Stale {...props} />}
        {isEmpty && <Advice trans={trans} />}
        <Differences inspection={inspection} trans={trans} />
        {!isEmpty && (
          <>
            <Ports
              {...props}
              heading={trans.__('Inputs')}
              ports={inputs}
              none={trans.__(
                'It takes none. Tag a cell “parameters” to declare them.'
              )}
            />
            <Ports
              {...props}
              heading={trans.__('Outputs')}
              ports={outputs}
              none={trans.__(
                'It gives none. Name a file that it writes in the cell tagged “parameters”, or tag a cell “outputs”.'
              )}
            />
          </>
        )}
        <Findings {...props} />
        <Requirements {...props} />
        <TryIt {...props.tryIt} />
      </div>
      <FixStatus {...props} />
      <Footer {...props} />
    </>
  );
}

function Header({
  inspection,
  trans,
  editDetails
}: IUnderstoodProps): JSX.Element {
  const { component } = inspection;
  const Icon = iconOf(component.category, component.name);
  return (
    <header className="claimed-Componentize-header">
      <Icon.react className="claimed-Componentize-icon" tag="span" />
      <div>
        <h2>{component.title || component.name}</h2>
        <code>{component.reference}</code>
        {component.description && <p>{component.description}</p>}
      </div>
      <button
        className="jp-Button jp-mod-styled"
        title={trans.__('Name, title, category, tags, licence, author')}
        onClick={() => void editDetails()}
      >
        {trans.__('Edit details')}
      </button>
    </header>
  );
}

/** What is shown is not what the notebook says now, and why. */
function Stale({ model, trans }: IUnderstoodProps): JSX.Element {
  return (
    <div className="claimed-Componentize-stale" role="alert">
      <span>{model.error}</span>
      <button
        className="jp-Button jp-mod-styled"
        onClick={() => void model.refresh()}
      >
        {trans.__('Try again')}
      </button>
    </div>
  );
}

function Requirements({
  inspection,
  trans
}: IUnderstoodProps): JSX.Element | null {
  const { requirements } = inspection.component;
  const heading = trans.__('Libraries');
  return requirements.length === 0 ? null : (
    <section aria-label={heading}>
      <h3>{heading}</h3>
      <ul className="claimed-Requirements">
        {requirements.map(requirement => (
          <li key={requirement}>
            <code>{requirement}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The button, and beside it why it can't be pressed or what it will do. */
function Footer(props: IUnderstoodProps): JSX.Element {
  const { model, trans, create } = props;
  const { obstacle, replaces, isCreating } = model;
  const reason = React.useId();
  const label = replaces ? trans.__('Replace…') : trans.__('Create');
  return (
    <footer className="claimed-Componentize-footer">
      <button
        className="jp-Button jp-mod-styled jp-mod-accept"
        disabled={obstacle !== null}
        aria-disabled={isCreating} // keeps the focus
        aria-describedby={reason}
        onClick={() => void (isCreating || create())}
      >
        {isCreating ? trans.__('Creating…') : label}
      </button>
      <span id={reason} data-alert={obstacle !== null || undefined}>
        {obstacle ? obstacle.message : purpose(props)}
      </span>
      {obstacle === null && <SampleBox {...props} />}
    </footer>
  );
}

/** Whether data comes along, which a hospital may not want. */
function SampleBox({ model, trans }: IUnderstoodProps): JSX.Element {
  return (
    <label
      className="claimed-SampleBox"
      title={trans.__(
        'The values that the notebook was run with, and small files beside it; of a long table its first lines. Leave it out where the data is private.'
      )}
    >
      <input
        type="checkbox"
        checked={model.withSample}
        onChange={event => {
          model.withSample = event.currentTarget.checked;
        }}
      />
      {trans.__('with sample inputs')}
    </label>
  );
}

function purpose({ inspection, model, trans }: IUnderstoodProps): string {
  const { name } = inspection.component;
  return model.replaces
    ? trans.__('“%1” is among your own components already.', name)
    : trans.__('Adds “%1” to your own components, for every pipeline.', name);
}
