import { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';
import { ICatalog, ICatalogRequest } from '../api/types';
import { Busy } from './busy';
import { CatalogsModel, FIELDS, Field } from './model';
import { kindLabel } from './words';

interface IAddProps {
  model: CatalogsModel;
  trans: TranslationBundle;
}

type Values = { [field in Field]: string } & { kind: ICatalog['kind'] | '' };

const EMPTY: Values = { location: '', name: '', ref: '', kind: '' };

/** The kinds that a location may be taken for. */
const KINDS: ICatalog['kind'][] = ['git', 'archive', 'folder', 'kfp', 'elyra'];

/** The form that adds a catalog: one field is enough. */
export function AddCatalog({ model, trans }: IAddProps): JSX.Element {
  const { values, change, isMissing, submit } = useRequest(model);
  const disabled = model.adding !== null;
  const problem = isMissing
    ? { field: 'location', message: trans.__('Say where the catalog is.') }
    : model.fieldProblem;
  return (
    <form
      className="claimed-AddCatalog"
      noValidate
      aria-labelledby="claimed-add-catalog-title"
      onSubmit={event => void submit(event)}
    >
      <h2 id="claimed-add-catalog-title">{trans.__('Add a catalog')}</h2>
      {FIELDS.map(field => (
        <TextField
          key={field}
          field={field}
          value={values[field]}
          problem={problem?.field === field ? problem.message : ''}
          disabled={disabled}
          trans={trans}
          onChange={value => change({ [field]: value })}
        />
      ))}
      <KindField
        value={values.kind}
        disabled={disabled}
        trans={trans}
        onChange={kind => change({ kind })}
      />
      <Meaning trans={trans} />
      <Submit model={model} trans={trans} />
    </form>
  );
}

/** What the user enters, until it is added. */
function useRequest(model: CatalogsModel) {
  const [values, setValues] = React.useState(EMPTY);
  const [isMissing, setMissing] = React.useState(false);
  const change = (changed: Partial<Values>) => {
    setValues({ ...values, ...changed });
    setMissing(false);
    model.forgetFieldProblem();
  };
  const submit = async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const request = requestOf(values);
    setMissing(!request.location);
    if (request.location && (await model.add(request))) {
      setValues(EMPTY);
    }
    // After it was drawn anew, with what is wrong.
    requestAnimationFrame(() => focusNext(form));
  };
  return { values, change, isMissing, submit };
}

/** Goes to the field that is to be mended, else to the first one. */
function focusNext(form: HTMLFormElement): void {
  const field =
    form.querySelector<HTMLInputElement>('[aria-invalid=true]') ??
    form.querySelector<HTMLInputElement>('[name=location]');
  field?.focus();
}

/** What was entered, without what was left empty. */
function requestOf(values: Values): ICatalogRequest {
  const [location, name, ref] = FIELDS.map(field => values[field].trim());
  const { kind } = values;
  return {
    location,
    ...(name && { name }),
    ...(ref && { ref }),
    ...(kind && { kind })
  };
}

interface IFieldProps {
  field: Field;
  value: string;
  problem: string;
  disabled: boolean;
  trans: TranslationBundle;
  onChange: (value: string) => void;
}

function TextField(props: IFieldProps): JSX.Element {
  const { field, value, problem, disabled, trans, onChange } = props;
  const id = `claimed-add-catalog-${field}`;
  const { label, help } = words(field, trans);
  return (
    <div className="claimed-Field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={field}
        className="jp-mod-styled"
        type="text"
        value={value}
        required={field === 'location'}
        readOnly={disabled}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== ''}
        aria-describedby={`${id}-help`}
        onChange={event => onChange(event.target.value)}
      />
      <p id={`${id}-help`} className="claimed-Field-help">
        {problem ? (
          <span className="claimed-Field-problem" role="alert">
            {problem}
          </span>
        ) : (
          help
        )}
      </p>
    </div>
  );
}

function KindField(props: {
  value: Values['kind'];
  disabled: boolean;
  trans: TranslationBundle;
  onChange: (kind: Values['kind']) => void;
}): JSX.Element {
  const { value, disabled, trans, onChange } = props;
  const id = 'claimed-add-catalog-kind';
  return (
    <div className="claimed-Field">
      <label htmlFor={id}>{trans.__('Kind')}</label>
      <HTMLSelect
        id={id}
        name="kind"
        value={value}
        disabled={disabled}
        onChange={event =>
          onChange(event.currentTarget.value as Values['kind'])
        }
      >
        <option value="">{trans.__('Found out from the URL')}</option>
        {KINDS.map(kind => (
          <option key={kind} value={kind}>
            {kindLabel(kind, trans)}
          </option>
        ))}
      </HTMLSelect>
    </div>
  );
}

function words(field: Field, trans: TranslationBundle) {
  switch (field) {
    case 'location':
      return {
        label: trans.__('URL or folder'),
        help: trans.__(
          'The URL of a git repository, of an archive (.zip, .tar.gz) or of a Kubeflow component (.yaml), or the path of a folder on the server.'
        )
      };
    case 'name':
      return {
        label: trans.__('Name (optional)'),
        help: trans.__(
          'What to call it here. Left empty, it is named after its URL or folder.'
        )
      };
    case 'ref':
      return {
        label: trans.__('Branch, tag or commit (optional)'),
        help: trans.__('For a git repository. Left empty, its main branch.')
      };
  }
}

/** What the user takes upon themselves, said before they do. */
function Meaning({ trans }: { trans: TranslationBundle }): JSX.Element {
  return (
    <p className="claimed-AddCatalog-meaning">
      {trans.__(
        'From a URL: its components are somebody else’s code; each asks before it first runs. It is fetched once, and then works without the network.'
      )}
    </p>
  );
}

function Submit({ model, trans }: IAddProps): JSX.Element {
  const { adding } = model;
  return (
    <div className="claimed-AddCatalog-footer">
      <button
        className="jp-Button jp-mod-styled jp-mod-accept"
        type="submit"
        disabled={adding !== null}
      >
        {trans.__('Add')}
      </button>
      <span role="status">
        {adding && <Busy label={trans.__('Fetching %1…', adding.location)} />}
      </span>
    </div>
  );
}
