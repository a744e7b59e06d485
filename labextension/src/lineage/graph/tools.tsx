import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { plainType } from './data';
import { Legend } from './legend';
import type { GraphModel } from './model';
import type { Stage } from './view/stage';

/** What lies in a corner of the picture: what signs mean, and to put in order. */
export class GraphTools extends ReactWidget {
  constructor(
    private readonly _stage: Stage,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('claimed-LineageGraph-over');
    this.addClass('claimed-LineageGraph-tools');
  }

  protected override render(): JSX.Element {
    const { arranger } = this._stage;
    return (
      <UseSignal signal={arranger.arranged}>
        {() => (
          <>
            <LegendButton model={this._stage.model} trans={this._trans} />
            {arranger.isPatched && (
              <button
                title={this._trans.__('Lay out the whole graph anew')}
                onClick={() => {
                  arranger.tidy(this._stage.model.selected);
                }}
              >
                {this._trans.__('Tidy up')}
              </button>
            )}
          </>
        )}
      </UseSignal>
    );
  }
}

function LegendButton(props: {
  model: GraphModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, trans } = props;
  const [isOpen, setOpen] = React.useState(false);
  const types = new Set<string>();
  if (isOpen) {
    model.nodes.forEach(
      ({ kind, type }) => kind === 'artifact' && types.add(plainType(type))
    );
  }
  return (
    <div
      onKeyDown={event => {
        if (event.key === 'Escape' && isOpen) {
          event.stopPropagation();
          setOpen(false);
        }
      }}
    >
      {isOpen && <Legend types={[...types].sort()} trans={trans} />}
      <button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {trans.__('Legend')}
      </button>
    </div>
  );
}
