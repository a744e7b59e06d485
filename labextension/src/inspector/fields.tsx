import { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, folderIcon } from '@jupyterlab/ui-components';
import { JSONValue } from '@lumino/coreutils';
import { FieldProps, FieldTemplateProps } from '@rjsf/utils';
import * as React from 'react';
import { IDescription, IDiagnostic } from '../api/types';
import { IPortWords, textOfValue, valueFromText } from './sources';

/** What the fields of the form know beside their value. */
export interface IFormContext {
  task: string;
  description: IDescription;
  /** What the server says of each field, by its name. */
  problems: { [field: string]: IDiagnostic[] };
  /** What the inputs were in the run that is shown. */
  ranWith: { [input: string]: unknown };
  readOnly: boolean;
  /** Asks for a file; resolves to a path as seen from the document, or null. */
  pick: ((title: string) => Promise<string | null>) | null;
  /** Makes a parameter of the pipeline that feeds an input. */
  makeParameter: (input: string, port: IPortWords) => void;
  trans: TranslationBundle;
}

/** A field with its label, what it is for, and what is wrong with it. */
export function TaskField(props: FieldTemplateProps): JSX.Element {
  const { id, label, displayLabel, children, schema, formContext } = props;
  const { problems } = formContext as IFormContext;
  const name = id.split('_').slice(1).join('_');
  const found = (name && problems[name]) || [];
  if ('x-port' in schema) {
    return <>{children}</>;
  }
  if (schema.type === 'object') {
    return <Parts {...props} problems={found} />;
  }
  return (
    <div
      className="claimed-Field"
      data-wrong={found.some(({ level }) => level === 'error') || undefined}
    >
      {displayLabel && (
        <label htmlFor={id} className="claimed-Field-label">
          {label}
        </label>
      )}
      {children}
      {displayLabel && props.description}
      <Problems problems={found} />
    </div>
  );
}

/** A field that has fields; folded, where they are many and not in use. */
function Parts(
  props: FieldTemplateProps & { problems: IDiagnostic[] }
): JSX.Element {
  const { children, label, problems, uiSchema, formData } = props;
  // The form fills lists in, empty.
  const isUsed = Object.values((formData ?? {}) as object).some(value =>
    typeof value === 'object' && value !== null
      ? Object.keys(value as object).length > 0
      : Boolean(value)
  );
  const all = (
    <>
      {children}
      <Problems problems={problems} />
    </>
  );
  return uiSchema?.['ui:folded'] ? (
    <details
      className="claimed-Folded"
      open={isUsed || problems.length > 0 || undefined}
    >
      <summary>{label}</summary>
      {all}
    </details>
  ) : (
    all
  );
}

/** What the server says of a field, below it. */
export function Problems(props: {
  problems: IDiagnostic[];
}): JSX.Element | null {
  return props.problems.length === 0 ? null : (
    <ul className="claimed-Field-problems" role="alert">
      {props.problems.map(({ level, message }, i) => (
        <li key={i} data-level={level}>
          {message}
        </li>
      ))}
    </ul>
  );
}

/** A list of words, with commas between them. */
export function WordsField(props: FieldProps): JSX.Element {
  const { formData, idSchema, schema, formContext, onChange } = props;
  const { readOnly } = formContext as IFormContext;
  const words = (formData ?? []) as string[];
  const [text, setText] = React.useState(words.join(', '));
  return (
    <>
      <label htmlFor={idSchema.$id} className="claimed-Field-label">
        {schema.title}
      </label>
      <input
        id={idSchema.$id}
        type="text"
        className="form-control"
        value={text}
        readOnly={readOnly || props.disabled}
        onChange={event => {
          setText(event.target.value);
          const typed = event.target.value.split(',').map(word => word.trim());
          onChange(typed.filter(Boolean));
        }}
      />
      <div className="field-description">{schema.description}</div>
    </>
  );
}

interface IValueProps {
  id: string;
  label: string;
  port: IPortWords;
  value: JSONValue | undefined;
  context: IFormContext;
  onChange: (value: JSONValue) => void;
}

/** A value of an input, as its type is best given. */
export function ValueField(props: IValueProps): JSX.Element {
  const { port, context } = props;
  if (port.choices) {
    return <Choice {...props} choices={port.choices} />;
  }
  if (port.type === 'bool') {
    return <Choice {...props} choices={[true, false]} />;
  }
  return (
    <div className="claimed-Path">
      <TextValue {...props} />
      {port.kind === 'artifact' && context.pick && <Pick {...props} />}
    </div>
  );
}

/** A drop-down of values; one that is none of them is shown all the same. */
function Choice(props: IValueProps & { choices: JSONValue[] }): JSX.Element {
  const { id, label, value, choices, context, onChange } = props;
  const at = choices.findIndex(choice => choice === value);
  return (
    <HTMLSelect
      id={id}
      aria-label={label}
      value={String(at)}
      disabled={context.readOnly}
      onChange={event => onChange(choices[Number(event.target.value)])}
    >
      {at < 0 && <option value="-1">{textOfValue(value)}</option>}
      {choices.map((choice, i) => (
        <option key={i} value={String(i)}>
          {textOfValue(choice)}
        </option>
      ))}
    </HTMLSelect>
  );
}

/** A value as text; a list or a dict as JSON, taken when it is whole. */
function TextValue(props: IValueProps): JSX.Element {
  const { id, label, port, value, context, onChange } = props;
  const [text, setText] = useText(value, port.type);
  const isJSON = port.type === 'list' || port.type === 'dict';
  const shared = {
    id,
    'aria-label': label,
    className: 'form-control',
    value: text,
    readOnly: context.readOnly,
    onChange: (event: React.ChangeEvent<{ value: string }>) => {
      setText(event.target.value);
      onChange(valueFromText(port.type, event.target.value));
    }
  };
  return isJSON || text.length > 48 ? (
    <textarea {...shared} rows={isJSON ? 2 : 3} />
  ) : (
    <input {...shared} type="text" />
  );
}

/**
 * The text of a value, and how it is changed. What is being typed stays as it
 * is typed (`1.` is 1) until the value becomes another.
 */
function useText(
  value: JSONValue | undefined,
  type: string
): [string, (text: string) => void] {
  const [text, setText] = React.useState(textOfValue(value));
  const meant = textOfValue(valueFromText(type, text));
  const actual = textOfValue(value);
  React.useEffect(() => {
    if (meant !== actual) {
      setText(actual);
    }
    // Only when the value changes: the text is ahead of it while one types.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [actual]);
  return [text, setText];
}

function Pick({ label, context, onChange }: IValueProps): JSX.Element {
  const { pick, readOnly, trans } = context;
  const title = trans.__('Choose a file for “%1”', label);
  const choose = async () => {
    const path = await pick?.(title);
    if (path) {
      onChange(path);
    }
  };
  return (
    <button
      type="button"
      className="jp-Button jp-mod-styled"
      title={title}
      aria-label={title}
      disabled={readOnly}
      onClick={() => void choose()}
    >
      <folderIcon.react tag="span" />
    </button>
  );
}
