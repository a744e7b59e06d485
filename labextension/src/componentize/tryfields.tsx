import { TranslationBundle } from '@jupyterlab/translation';
import { folderIcon } from '@jupyterlab/ui-components';
import { FieldTemplateProps, WidgetProps } from '@rjsf/utils';
import * as React from 'react';

/** What the fields of the form know beside their value. */
export interface IFieldContext {
  /** Asks for a file; resolves to a path as seen from the notebook, or null. */
  pick: ((title: string) => Promise<string | null>) | null;
  trans: TranslationBundle;
}

/** An input with a label that belongs to it, also for a screen reader. */
export function LabelledField(props: FieldTemplateProps): JSX.Element {
  const { id, label, displayLabel, children, errors, rawErrors } = props;
  if (props.schema.type === 'object') {
    return <>{children}</>;
  }
  const isCheckbox = !displayLabel;
  return (
    <div
      className="claimed-Field"
      data-input={label}
      data-wrong={!!rawErrors?.length || undefined}
    >
      {!isCheckbox && (
        <label htmlFor={id} className="claimed-Field-label">
          {label}
        </label>
      )}
      {children}
      {!isCheckbox && props.description}
      {props.help}
      {errors}
    </div>
  );
}

/** A path, typed or chosen. */
export function PathWidget(props: WidgetProps): JSX.Element {
  const { id, label, value, placeholder, onChange } = props;
  const { pick, trans } = props.formContext as IFieldContext;
  const choose = async () => {
    const path = await pick?.(trans.__('Choose a file for “%1”', label));
    if (path) {
      onChange(path);
    }
  };
  const title = trans.__('Choose a file');
  return (
    <div className="claimed-Path">
      <input
        id={id}
        className="form-control"
        type="text"
        value={value ?? ''}
        placeholder={placeholder}
        aria-describedby={`${id}__description`}
        onChange={event => onChange(event.target.value || undefined)}
      />
      {pick && (
        <button
          type="button"
          className="jp-Button jp-mod-styled"
          title={title}
          aria-label={title}
          onClick={() => void choose()}
        >
          <folderIcon.react tag="span" />
        </button>
      )}
    </div>
  );
}
