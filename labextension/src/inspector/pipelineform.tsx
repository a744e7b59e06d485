import { HTMLSelect } from '@jupyterlab/ui-components';
import { JSONObject } from '@lumino/coreutils';
import * as React from 'react';
import { PipelineModel } from '../editor/docmodel';
import { unusedName } from '../editor/taskedits';
import { IFormContext, Problems } from './fields';
import { renameOutput } from './parameteredits';
import { PipelineParameters } from './pipelineparameters';
import { RowHead } from './rowhead';
import { SettledText } from './settled';

interface IProps {
  document: PipelineModel;
  context: IFormContext;
}

/** What there is to say of the pipeline itself: shown when no task is selected. */
export function PipelineForm(props: IProps): JSX.Element {
  const { document, context } = props;
  const { trans, problems } = context;
  return (
    <>
      <Text {...props} field="name" label={trans.__('Name')} />
      <Text
        {...props}
        field="description"
        label={trans.__('Description')}
        rows={3}
      />
      <Problems problems={problems[''] ?? []} />
      <PipelineParameters document={document} context={context} />
      <Outputs {...props} />
      <section>
        <h3>{trans.__('Where it runs')}</h3>
        <Text
          {...props}
          field="image"
          label={trans.__('Container image of its notebooks')}
          help={trans.__(
            'Where an engine runs containers, and a task names none'
          )}
        />
      </section>
      <section>
        <h3>{trans.__('At the end')}</h3>
        <OnExit {...props} />
        <Text
          {...props}
          field="timeout"
          label={trans.__('Timeout of the whole run (seconds)')}
          isNumber
        />
      </section>
    </>
  );
}

function Text(
  props: IProps & {
    field: string;
    label: string;
    rows?: number;
    isNumber?: boolean;
    help?: string;
  }
): JSX.Element {
  const { document, context, field, label, rows, isNumber, help } = props;
  const value = document.get([field]) ?? '';
  const take = (text: string) => {
    const number = Number(text);
    const isWritten = isNumber && text.trim() !== '' && !Number.isNaN(number);
    document.set([field], isWritten ? number : text || undefined);
  };
  return (
    <div className="claimed-Field" data-field={field}>
      <span className="claimed-Field-label">{label}</span>
      <SettledText
        value={String(value)}
        label={label}
        rows={rows}
        readOnly={context.readOnly}
        onTaken={take}
      />
      {help && <p className="claimed-Field-help">{help}</p>}
      <Problems problems={context.problems[field] ?? []} />
    </div>
  );
}

function OnExit({ document, context }: IProps): JSX.Element {
  const { description, readOnly, trans, problems } = context;
  const label = trans.__('Task that runs when all others have ended');
  return (
    <div className="claimed-Field" data-field="on_exit">
      <span className="claimed-Field-label">{label}</span>
      <HTMLSelect
        aria-label={label}
        value={String(document.get(['on_exit']) ?? '')}
        disabled={readOnly}
        onChange={event =>
          document.set(['on_exit'], event.target.value || undefined)
        }
      >
        <option value="">{trans.__('None')}</option>
        {description.tasks.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </HTMLSelect>
      <Problems problems={problems.on_exit ?? []} />
    </div>
  );
}

/** What the pipeline gives when it is a task of another. */
function Outputs({ document, context }: IProps): JSX.Element {
  const { description, readOnly, trans } = context;
  const outputs = Object.entries(
    (document.get(['outputs']) ?? {}) as JSONObject
  );
  const offers = description.tasks.flatMap(task =>
    task.outputs.map(({ name }) => `${task.name}.${name}`)
  );
  const add = () => {
    const taken = new Set(outputs.map(([name]) => name));
    const wanted = offers[0].split('.').pop()!;
    const name = unusedName(wanted, taken, '_');
    document.set(['outputs', name], { output: offers[0] });
  };
  return (
    <section>
      <h3>{trans.__('Outputs')}</h3>
      {outputs.length === 0 && (
        <p className="claimed-quiet">
          {trans.__(
            'None: only needed in a pipeline that is a task of another.'
          )}
        </p>
      )}
      {outputs.map(([name]) => (
        <Output key={name} {...{ document, context, name, offers }} />
      ))}
      {offers.length > 0 && (
        <button
          type="button"
          className="jp-Button jp-mod-styled"
          disabled={readOnly}
          onClick={add}
        >
          {trans.__('Add an output')}
        </button>
      )}
    </section>
  );
}

function Output(
  props: IProps & { name: string; offers: string[] }
): JSX.Element {
  const { document, context, name, offers } = props;
  const { readOnly, trans, problems } = context;
  const path = ['outputs', name];
  const output = String(document.get([...path, 'output']) ?? '');
  return (
    <div className="claimed-Parameter claimed-Field" data-output={name}>
      <RowHead
        name={name}
        label={trans.__('Name of the output “%1”', name)}
        removeLabel={trans.__('Remove the output “%1”', name)}
        readOnly={readOnly}
        onRename={to => renameOutput(document, name, to)}
        onRemove={() => document.set(path, undefined)}
      >
        <HTMLSelect
          aria-label={trans.__('What “%1” is', name)}
          value={output}
          disabled={readOnly}
          onChange={({ target }) =>
            document.set([...path, 'output'], target.value)
          }
        >
          {[...new Set([output, ...offers])].map(offer => (
            <option key={offer}>{offer}</option>
          ))}
        </HTMLSelect>
      </RowHead>
      <Problems problems={problems[name] ?? []} />
    </div>
  );
}
