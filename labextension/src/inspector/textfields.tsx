import { JSONObject, JSONValue } from '@lumino/coreutils';
import { FieldProps } from '@rjsf/utils';
import * as React from 'react';
import { IFormContext } from './fields';
import {
  exampleOf,
  pairsOfText,
  textOfPairs,
  textOfThings,
  thingsOfText
} from './structures';

/** Names and values, such as labels: a line each. */
export function PairsField(props: FieldProps): JSX.Element {
  const pairs = props.formData as JSONObject | undefined;
  return (
    <Lines
      {...props}
      text={textOfPairs(pairs)}
      placeholder="name = value"
      read={pairsOfText}
    />
  );
}

/** A list of things with fields of their own, such as volumes: a line of JSON each. */
export function ThingsField(props: FieldProps): JSX.Element {
  const things = props.formData as JSONValue[] | undefined;
  const items = (props.schema.items ?? {}) as JSONObject;
  return (
    <Lines
      {...props}
      text={textOfThings(things)}
      placeholder={exampleOf(items)}
      read={thingsOfText}
    />
  );
}

interface ILinesProps extends FieldProps {
  text: string;
  placeholder: string;
  /** The value that a text is. Raises an Error while it is none. */
  read: (text: string) => JSONValue | undefined;
}

/** Text that becomes a value as often as it is one. */
function Lines(props: ILinesProps): JSX.Element {
  const { idSchema, schema, formContext, placeholder } = props;
  const { readOnly } = formContext as IFormContext;
  const { text, problem, field, change } = useLines(props);
  const id = idSchema.$id;
  return (
    <div className="claimed-Field" data-wrong={!!problem || undefined}>
      <label htmlFor={id} className="claimed-Field-label">
        {schema.title}
      </label>
      <textarea
        ref={field}
        id={id}
        className="form-control"
        rows={Math.min(6, Math.max(2, text.split('\n').length))}
        spellCheck={false}
        placeholder={placeholder}
        value={text}
        readOnly={readOnly || props.disabled}
        aria-invalid={!!problem}
        onChange={event => change(event.target.value)}
      />
      {problem && (
        <p className="claimed-Field-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="field-description">{schema.description}</div>
    </div>
  );
}

/** What is typed, and why it is no value yet. */
function useLines({ text: given, read, onChange }: ILinesProps) {
  const [text, setText] = React.useState(given);
  const [problem, setProblem] = React.useState('');
  const field = React.useRef<HTMLTextAreaElement>(null);
  React.useEffect(() => {
    // Whoever is typing is not interrupted.
    if (document.activeElement !== field.current) {
      setText(given);
      setProblem('');
    }
  }, [given]);
  const change = (typed: string) => {
    setText(typed);
    try {
      onChange(read(typed));
      setProblem('');
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return { text, problem, field, change };
}
