import { TranslationBundle } from '@jupyterlab/translation';
import { FormComponent, UseSignal } from '@jupyterlab/ui-components';
import { ReadonlyJSONObject } from '@lumino/coreutils';
import { ErrorSchema } from '@rjsf/utils';
import { customizeValidator } from '@rjsf/validator-ajv8';
import * as React from 'react';
import { LabelledField, IFieldContext, PathWidget } from './tryfields';
import { inputsSchema, inputsUi } from './tryform';
import { ITryProblem, TryModel } from './trymodel';
import { ITryResultProps, TryResult } from './tryresult';

const validator = customizeValidator<ReadonlyJSONObject>();
const widgets = { path: PathWidget };
const templates = { FieldTemplate: LabelledField };

export interface ITryProps extends ITryResultProps {
  pick: IFieldContext['pick'];
}

/** Runs the notebook once, with inputs that the user gives. */
export function TrySection(props: ITryProps): JSX.Element {
  const { model, trans } = props;
  return (
    <details className="claimed-Try">
      <summary>
        <h3>{trans.__('Try it')}</h3>
      </summary>
      <p className="claimed-quiet">
        {trans.__(
          'Runs the notebook once, from the first cell to the last, in a kernel of its own.'
        )}
      </p>
      <UseSignal signal={model.changed}>
        {() => (
          <>
            <TryForm {...props} />
            <TryResult {...props} />
          </>
        )}
      </UseSignal>
    </details>
  );
}

function TryForm(props: ITryProps): JSX.Element {
  const { model, pick, trans } = props;
  const { inputs, problem } = model;
  const prefix = React.useId(); // there may be a form for each notebook
  React.useEffect(() => {
    // What is wrong may be out of sight.
    if (problem?.input) {
      document.getElementById(`${prefix}_${problem.input}`)?.focus();
    }
  }, [problem, prefix]);
  return (
    <FormComponent
      schema={inputsSchema(inputs)}
      uiSchema={inputsUi(inputs, trans)}
      formData={model.values}
      formContext={{ pick, trans } as IFieldContext}
      widgets={widgets}
      templates={templates}
      validator={validator}
      extraErrors={errorsOf(problem)}
      liveValidate
      focusOnFirstError
      noHtml5Validate
      showErrorList={false}
      idPrefix={prefix}
      onChange={event => {
        model.values = event.formData as ReadonlyJSONObject;
      }}
      onSubmit={() => void model.start()}
    >
      {/* The form does not draw its children again when only they changed. */}
      <UseSignal signal={model.changed}>
        {() => <Buttons model={model} trans={trans} />}
      </UseSignal>
    </FormComponent>
  );
}

function Buttons(props: {
  model: TryModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, trans } = props;
  const { isRunning, isStarting, problem } = model;
  const run = useFocusAfter(isRunning);
  return (
    <>
      {problem && problem.input === null && (
        <p className="claimed-Try-problem" role="alert">
          {problem.message}
        </p>
      )}
      <div className="claimed-Try-buttons">
        <button
          ref={run}
          type="submit"
          className="jp-Button jp-mod-styled jp-mod-accept"
          aria-disabled={isStarting || isRunning} // keeps the focus
        >
          {isStarting ? trans.__('Starting…') : trans.__('Run')}
        </button>
        {isRunning && (
          <button
            type="button"
            className="jp-Button jp-mod-styled"
            onClick={() => void model.cancel()}
          >
            {trans.__('Cancel')}
          </button>
        )}
      </div>
    </>
  );
}

/** Takes the focus that went away with the button that cancels. */
function useFocusAfter(isRunning: boolean): React.RefObject<HTMLButtonElement> {
  const button = React.useRef<HTMLButtonElement>(null);
  React.useEffect(() => {
    if (!isRunning && document.activeElement === document.body) {
      button.current?.focus({ preventScroll: true });
    }
  }, [isRunning]);
  return button;
}

/** A problem of one input, as the form shows it at its field. */
function errorsOf(problem: ITryProblem | null): ErrorSchema | undefined {
  return problem?.input
    ? ({ [problem.input]: { __errors: [problem.message] } } as ErrorSchema)
    : undefined;
}
