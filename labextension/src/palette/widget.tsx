import { TranslationBundle } from '@jupyterlab/translation';
import { FilterBox, UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IDiagnostic } from '../api/types';
import { Hint, RetryHint } from '../hint';
import { LazyWidget } from '../lazy';
import { CommandIDs } from '../tokens';
import { ComponentTree } from './tree';
import { PaletteModel } from './model';

interface IPaletteProps {
  model: PaletteModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** The component palette: a search box over a tree of components. */
export class PaletteWidget extends LazyWidget {
  constructor(private readonly _props: IPaletteProps) {
    super();
    this.id = 'claimed-components';
    this.addClass('claimed-Palette');
    this.title.label = _props.trans.__('Components');
  }

  protected override load(): void {
    void this._props.model.refresh();
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this._props.model.changed}>
        {() => <Palette {...this._props} />}
      </UseSignal>
    );
  }
}

function Palette(props: IPaletteProps): JSX.Element {
  const { model, trans } = props;
  if (model.status === 'loading') {
    return <Hint text={trans.__('Loading components…')} busy />;
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
  if (model.components.length === 0) {
    return (
      <Hint
        text={trans.__(
          'No components here. Catalogs bring them: folders, git repositories, archives. Or right-click a notebook and choose “Create Component…”.'
        )}
      >
        <button
          className="jp-Button jp-mod-styled jp-mod-accept"
          onClick={() =>
            void props.commands.execute(CommandIDs.manageCatalogs, {
              add: true
            })
          }
        >
          {trans.__('Manage catalogs')}
        </button>
      </Hint>
    );
  }
  return <Found {...props} />;
}

function Found({ model, commands, trans }: IPaletteProps): JSX.Element {
  return (
    <>
      <div className="claimed-Palette-search">
        <FilterBox
          key={model.searches}
          placeholder={trans.__('Search components')}
          initialQuery={model.query}
          updateFilter={(_, query) => {
            model.query = query ?? '';
          }}
          useFuzzyFilter={false}
          showIcon={false}
        />
      </div>
      {model.matches === 0 ? (
        <Hint
          text={trans.__(
            'No component fits “%1”. Try fewer words.',
            model.query
          )}
        />
      ) : (
        <ComponentTree model={model} commands={commands} trans={trans} />
      )}
      <Problems diagnostics={model.diagnostics} trans={trans} />
    </>
  );
}

/** What of the catalogs could not be read. */
function Problems(props: {
  diagnostics: IDiagnostic[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { diagnostics, trans } = props;
  const problems = diagnostics.filter(d => d.level !== 'info');
  if (problems.length === 0) {
    return null;
  }
  return (
    <details className="claimed-Palette-problems">
      <summary>
        {trans._n(
          '%1 problem in the catalogs',
          '%1 problems in the catalogs',
          problems.length
        )}
      </summary>
      <ul>
        {problems.map((problem, i) => (
          <li key={i}>
            {problem.message}
            {problem.where && <code> {problem.where}</code>}
          </li>
        ))}
      </ul>
    </details>
  );
}
