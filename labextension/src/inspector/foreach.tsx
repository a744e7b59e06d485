import { HTMLSelect } from '@jupyterlab/ui-components';
import { JSONObject, JSONValue } from '@lumino/coreutils';
import { FieldProps } from '@rjsf/utils';
import * as React from 'react';
import { Source } from '../api/types';
import { IFormContext } from './fields';
import { SourceField } from './sourcefield';
import { kindOf } from './sources';

interface IPart {
  title: string;
  description?: string;
  enum?: string[];
}

/** The list whose items a task runs for, which input takes each, and how many at once. */
export function ForEachField(props: FieldProps): JSX.Element {
  const value = (props.formData ?? {}) as JSONObject;
  const isSet = kindOf(value as Partial<Source>) !== null;
  return (
    <>
      <SourceField {...props} />
      {isSet && <Details {...props} />}
    </>
  );
}

function Details(props: FieldProps): JSX.Element {
  const { schema, onChange, idSchema } = props;
  const value = props.formData as JSONObject;
  const parts = schema.properties as unknown as { [name: string]: IPart };
  const { readOnly, trans } = props.formContext as IFormContext;
  const set = (name: string, part: JSONValue | undefined) => {
    const { [name]: _, ...rest } = value;
    onChange(part === undefined ? rest : { ...rest, [name]: part });
  };
  return (
    <div className="claimed-ForEach">
      <label>
        {parts.input.title}
        <HTMLSelect
          title={parts.input.description}
          value={String(value.input ?? '')}
          disabled={readOnly}
          onChange={event => set('input', event.target.value || undefined)}
        >
          <option value="">{trans.__('by its names')}</option>
          {(parts.input.enum ?? []).map(name => (
            <option key={name}>{name}</option>
          ))}
        </HTMLSelect>
      </label>
      <label htmlFor={`${idSchema.$id}_max`}>
        {parts.max_parallel.title}
        <input
          id={`${idSchema.$id}_max`}
          type="number"
          min={1}
          placeholder={trans.__('all')}
          value={String(value.max_parallel ?? '')}
          readOnly={readOnly}
          onChange={e => set('max_parallel', +e.target.value || undefined)}
        />
      </label>
    </div>
  );
}
