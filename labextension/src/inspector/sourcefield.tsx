import { HTMLSelect } from '@jupyterlab/ui-components';
import { JSONObject, JSONValue } from '@lumino/coreutils';
import { FieldProps } from '@rjsf/utils';
import * as React from 'react';
import { Source, isArtifact, typeName } from '../api/types';
import { valueText } from '../editor/source';
import { IFormContext, Problems, ValueField } from './fields';
import {
  IOffer,
  IPortWords,
  SourceKind,
  firstValue,
  kindLabel,
  kindOf,
  offerLabel,
  outputOffers,
  parameterOffers,
  sourceOf,
  unsetText
} from './sources';

interface ISourceProps {
  id: string;
  name: string;
  port: IPortWords;
  source: JSONObject;
  /** The kind that is shown: what was chosen, though nothing is chosen of it yet. */
  kind: SourceKind | null;
  context: IFormContext;
  onChange: (source: JSONObject | undefined) => void;
}

/** An input of a task: where its value comes from, and which it is. */
export function SourceField(props: FieldProps): JSX.Element {
  const { name, schema, formData, formContext, idSchema, onChange } = props;
  const port = (schema as unknown as { 'x-port': IPortWords })['x-port'];
  const context = formContext as IFormContext;
  const source = (formData ?? {}) as JSONObject;
  const actual = kindOf(source as Partial<Source>);
  const [wanted, setWanted] = React.useState<SourceKind | null>(null);
  const kind = wanted ?? actual;
  const problems = context.problems[name] ?? [];
  const parts: ISourceProps = {
    ...{ id: idSchema.$id, name, port, source, kind, context },
    onChange: value => {
      setWanted(null);
      onChange(value);
    }
  };
  return (
    <div
      className="claimed-Field claimed-Source"
      data-port={name}
      data-wrong={problems.some(({ level }) => level === 'error') || undefined}
    >
      <Head {...parts} title={schema.title ?? name} setWanted={setWanted} />
      <Editor {...parts} />
      <Known {...parts} />
      {schema.description && (
        <div className="field-description">{schema.description}</div>
      )}
      <Problems problems={problems} />
    </div>
  );
}

type Wanting = { setWanted: (kind: SourceKind | null) => void };

/** The name and the type of an input, and where its value comes from. */
function Head(props: ISourceProps & Wanting & { title: string }): JSX.Element {
  const { id, port, title } = props;
  const type = typeName(port.type);
  return (
    <div className="claimed-Source-head">
      <label className="claimed-Field-label" htmlFor={id}>
        {port.kind === 'artifact' && (
          <span className="claimed-Shape" data-type={type} />
        )}
        {title}
      </label>
      <span className="claimed-Ports-type" title={port.type}>
        {type}
      </span>
      <Switch {...props} />
    </div>
  );
}

/** Where the value comes from: a small drop-down beside the name. */
function Switch(props: ISourceProps & Wanting): JSX.Element {
  const { name, port, kind, source, context, onChange, setWanted } = props;
  const { trans, readOnly } = context;
  const choose = (chosen: SourceKind | '') => {
    if (chosen === '') {
      onChange(undefined);
    } else if (chosen === 'value') {
      onChange(sourceOf('value', firstValue(port), source));
    } else {
      setWanted(chosen); // written when it is known which
    }
  };
  const kinds = new Set([...port.sources, ...(kind ? [kind] : [])]);
  return (
    <HTMLSelect
      className="claimed-Source-switch"
      aria-label={trans.__('Where “%1” comes from', name)}
      title={trans.__('Where “%1” comes from', name)}
      value={kind ?? ''}
      disabled={readOnly}
      onChange={event => choose(event.target.value as SourceKind | '')}
    >
      <option value="">
        {port.optional ? trans.__('Default') : trans.__('Not set')}
      </option>
      {[...kinds].map(one => (
        <option key={one} value={one}>
          {kindLabel(one, trans)}
        </option>
      ))}
    </HTMLSelect>
  );
}

function Editor(props: ISourceProps): JSX.Element {
  const { id, name, port, source, kind, context, onChange } = props;
  const { description, task, trans } = context;
  const set = (value: JSONValue) => onChange(sourceOf(kind!, value, source));
  switch (kind) {
    case null:
      return (
        <div className="claimed-quiet" id={id}>
          {unsetText(port, trans)}
        </div>
      );
    case 'value':
      return (
        <ValueField
          {...{ id, port, context, label: name }}
          value={source.value}
          onChange={set}
        />
      );
    case 'secret':
      return <Secret {...props} set={set} />;
    case 'parameter':
      return <Parameter {...props} set={set} />;
    case 'output':
      return (
        <Offers
          {...props}
          offers={outputOffers(description, task, port)}
          set={set}
          none={trans.__('No other task gives what fits.')}
        />
      );
  }
}

/** One of the pipeline's parameters, or a new one. */
function Parameter(
  props: ISourceProps & { set: (value: string) => void }
): JSX.Element {
  const { port, context } = props;
  const { description, trans } = context;
  return (
    <>
      <Offers
        {...props}
        offers={parameterOffers(description, port)}
        none={trans.__('The pipeline has no parameter that fits.')}
      />
      <MakeParameter {...props} />
    </>
  );
}

/** The value that is not said here: of the run that is shown, else the parameter's own. */
function Known({
  name,
  source,
  kind,
  context
}: ISourceProps): JSX.Element | null {
  const { trans, ranWith, description } = context;
  const ran = ranWith[name];
  if (ran !== undefined && kind !== 'value') {
    const value = isArtifact(ran) ? ran.name : valueText(ran);
    return (
      <div className="claimed-Source-known">
        {trans.__('In this run: %1', value)}
      </div>
    );
  }
  const parameter = description.parameters[String(source.parameter)];
  return kind === 'parameter' && parameter?.default !== undefined ? (
    <div className="claimed-Source-known">
      {trans.__('Its default: %1', valueText(parameter.default))}
    </div>
  ) : null;
}

/** What can feed the input; one that is chosen but not there any more is shown, too. */
function Offers(
  props: ISourceProps & {
    offers: IOffer[];
    none: string;
    set: (value: string) => void;
  }
): JSX.Element {
  const { id, name, source, kind, context, offers, none, set } = props;
  const chosen = String(source[kind!] ?? '');
  if (offers.length === 0 && !chosen) {
    return <div className="claimed-quiet">{none}</div>;
  }
  const isOffered = offers.some(offer => offer.name === chosen);
  return (
    <HTMLSelect
      id={id}
      aria-label={name}
      value={chosen}
      disabled={context.readOnly}
      onChange={event => set(event.target.value)}
    >
      {!isOffered && (
        <option value={chosen}>{chosen || context.trans.__('Choose…')}</option>
      )}
      {offers.map(offer => (
        <option key={offer.name} value={offer.name}>
          {offerLabel(offer)}
        </option>
      ))}
    </HTMLSelect>
  );
}

/** A pipeline parameter of the input's own name, type and default. */
function MakeParameter(props: ISourceProps): JSX.Element | null {
  const { name, port, source, context } = props;
  const { trans, description, readOnly } = context;
  if (readOnly || source.parameter || name in description.parameters) {
    return null;
  }
  return (
    <button
      type="button"
      className="claimed-Link"
      onClick={() => context.makeParameter(name, port)}
    >
      {trans.__('Make a parameter “%1” of the pipeline', name)}
    </button>
  );
}

/** A secret is named, never written. */
function Secret(
  props: ISourceProps & { set: (value: string) => void }
): JSX.Element {
  const { id, name, source, context, set } = props;
  const { trans } = context;
  return (
    <>
      <input
        id={id}
        className="form-control"
        type="text"
        aria-label={name}
        placeholder={name.toUpperCase()}
        value={String(source.secret ?? '')}
        readOnly={context.readOnly}
        onChange={event => set(event.target.value)}
      />
      <div className="field-description">
        {trans.__(
          'The name of the secret, as of an environment variable; never the secret itself.'
        )}
      </div>
    </>
  );
}
