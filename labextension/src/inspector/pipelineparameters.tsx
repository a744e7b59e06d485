import { HTMLSelect } from '@jupyterlab/ui-components';
import { JSONValue } from '@lumino/coreutils';
import * as React from 'react';
import { IParameter } from '../api/types';
import { PipelineModel } from '../editor/docmodel';
import { literalChoices } from '../editor/parameters';
import { IFormContext, Problems, ValueField } from './fields';
import {
  addParameter,
  removeParameter,
  renameParameter
} from './parameteredits';
import { RowHead } from './rowhead';
import { SettledText } from './settled';
import { IPortWords, firstValue } from './sources';

const TYPES = ['str', 'int', 'float', 'bool', 'list', 'dict'];

interface IProps {
  document: PipelineModel;
  context: IFormContext;
}

/** The parameters of the pipeline: what a run may set. */
export function PipelineParameters({ document, context }: IProps): JSX.Element {
  const { description, readOnly, trans } = context;
  const parameters = Object.entries(description.parameters);
  return (
    <section>
      <h3>{trans.__('Parameters')}</h3>
      {parameters.length === 0 && (
        <p className="claimed-quiet">
          {trans.__('None yet. What a run may set is a parameter.')}
        </p>
      )}
      {parameters.map(([name, parameter]) => (
        <Parameter key={name} {...{ name, parameter, document, context }} />
      ))}
      <datalist id="claimed-parameter-types">
        {[...TYPES, "Literal['a', 'b']"].map(type => (
          <option key={type} value={type} />
        ))}
      </datalist>
      <button
        type="button"
        className="jp-Button jp-mod-styled"
        disabled={readOnly}
        onClick={() =>
          addParameter(document, 'parameter', { type: 'str', default: '' })
        }
      >
        {trans.__('Add a parameter')}
      </button>
    </section>
  );
}

interface IParameterProps extends IProps {
  name: string;
  parameter: IParameter;
}

function Parameter(props: IParameterProps): JSX.Element {
  const { name, parameter, document, context } = props;
  const { readOnly, trans, problems } = context;
  const set = (field: string, value: JSONValue | undefined) =>
    document.set(['parameters', name, field], value);
  return (
    <div className="claimed-Parameter claimed-Field" data-parameter={name}>
      <RowHead
        name={name}
        label={trans.__('Name of the parameter “%1”', name)}
        removeLabel={trans.__('Remove the parameter “%1”', name)}
        readOnly={readOnly}
        onRename={to => renameParameter(document, name, to)}
        onRemove={() => removeParameter(document, name)}
      >
        <SettledText
          value={parameter.type}
          label={trans.__('Type of “%1”', name)}
          list="claimed-parameter-types"
          lazy
          readOnly={readOnly}
          onTaken={type => set('type', type.trim() || 'str')}
        />
      </RowHead>
      <Default {...props} set={set} />
      <SettledText
        value={parameter.description ?? ''}
        label={trans.__('Description of “%1”', name)}
        placeholder={trans.__('What it is for')}
        readOnly={readOnly}
        onTaken={text => set('description', text || undefined)}
      />
      <Problems problems={problems[name] ?? []} />
    </div>
  );
}

/** The value that a run has when it says nothing; without one it must say. */
function Default(
  props: IParameterProps & {
    set: (field: string, value: JSONValue | undefined) => void;
  }
): JSX.Element {
  const { name, parameter, document, context, set } = props;
  const { readOnly, trans } = context;
  const value = document.get(['parameters', name, 'default']);
  const port: IPortWords = {
    type: parameter.type,
    kind: 'parameter',
    optional: true,
    default: null,
    choices: literalChoices(parameter.type),
    sources: ['value']
  };
  return (
    <div className="claimed-Parameter-default">
      <HTMLSelect
        aria-label={trans.__('Whether “%1” has a default', name)}
        value={value === undefined ? 'asked' : 'default'}
        disabled={readOnly}
        onChange={event =>
          set(
            'default',
            event.target.value === 'asked' ? undefined : firstValue(port)
          )
        }
      >
        <option value="default">{trans.__('Default')}</option>
        <option value="asked">{trans.__('Asked at each run')}</option>
      </HTMLSelect>
      {value !== undefined && (
        <SettledValue {...{ name, port, value, context, set }} />
      )}
    </div>
  );
}

/** A default that becomes an edit when typing rests. */
function SettledValue(props: {
  name: string;
  port: IPortWords;
  value: JSONValue;
  context: IFormContext;
  set: (field: string, value: JSONValue) => void;
}): JSX.Element {
  const { name, port, value, context, set } = props;
  const [typed, setTyped] = React.useState<{ value: JSONValue } | null>(null);
  const take = () => {
    if (typed) {
      setTyped(null);
      set('default', typed.value);
    }
  };
  React.useEffect(() => {
    const timer = window.setTimeout(take, typed ? 500 : 0);
    return () => window.clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [typed]);
  return (
    <div className="claimed-Parameter-value" onBlur={take}>
      <ValueField
        id={`claimed-default-${name}`}
        label={context.trans.__('Default of “%1”', name)}
        port={port}
        value={typed ? typed.value : value}
        context={context}
        onChange={changed => setTyped({ value: changed })}
      />
    </div>
  );
}
