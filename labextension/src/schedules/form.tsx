import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { FormComponent } from '@jupyterlab/ui-components';
import { JSONObject } from '@lumino/coreutils';
import * as React from 'react';
import { IParameter } from '../api/types';
import { LabelledField } from '../componentize/tryfields';
import { parametersSchema, parametersUi } from '../editor/parameters';
import { silent } from '../inspector/schema';
import { Field, IDraftProps } from './field';
import { IScheduleDraft, MOST_AT_A_TIME, nextOf, problemsOf } from './request';
import { TimesFields } from './times';
import { momentText } from './words';

const templates = { FieldTemplate: LabelledField };

export interface IScheduleQuestion {
  /** What is scheduled, and where, in words. */
  pipeline: string;
  engine: string;
  parameters: { [name: string]: IParameter };
  draft: IScheduleDraft;
  /** What was wrong the last time, in one line. */
  problem: string;
  trans: TranslationBundle;
}

/** Asks when a pipeline is to run, and with what. Resolves to null when the user thinks better of it. */
export async function askSchedule(
  question: IScheduleQuestion
): Promise<IScheduleDraft | null> {
  const { pipeline, engine, trans } = question;
  let form: ScheduleForm;
  for (;;) {
    form = new ScheduleForm(question);
    const dialog = new Dialog<IScheduleDraft>({
      title: trans.__('Schedule “%1” on %2', pipeline, engine),
      body: form,
      buttons: [
        Dialog.cancelButton(),
        Dialog.okButton({ label: trans.__('Schedule') })
      ]
    });
    const { button, value } = await dialog.launch();
    if (!button.accept || !value) {
      return null;
    }
    if (Object.keys(problemsOf(value, new Date())).length === 0) {
      return value;
    }
    question = { ...question, draft: value, problem: '' };
  }
}

/** The form of a schedule; says at once what is wrong, and when it would run. */
class ScheduleForm
  extends ReactWidget
  implements Dialog.IBodyWidget<IScheduleDraft>
{
  constructor(private readonly _question: IScheduleQuestion) {
    super();
    this._draft = _question.draft;
    this.addClass('claimed-ScheduleForm');
  }

  getValue(): IScheduleDraft {
    return this._draft;
  }

  protected override render(): JSX.Element {
    const { problem, trans } = this._question;
    const draft = this._draft;
    const problems = problemsOf(draft, new Date());
    const change = (changed: Partial<IScheduleDraft>) => this._change(changed);
    const common = { draft, problems, change, trans };
    return (
      <>
        {problem && (
          <p className="claimed-RunForm-problem" role="alert">
            {problem}
          </p>
        )}
        <Field
          id="claimed-schedule-name"
          label={trans.__('Name')}
          problem={problems.name}
        >
          <input
            id="claimed-schedule-name"
            type="text"
            value={draft.name}
            onChange={event => change({ name: event.target.value })}
          />
        </Field>
        <TimesFields {...common} />
        <Next draft={draft} trans={trans} />
        <Bounds {...common} />
        <Crowd {...common} />
        {this._renderParameters()}
      </>
    );
  }

  private _renderParameters(): JSX.Element | null {
    const { parameters, trans } = this._question;
    return Object.keys(parameters).length === 0 ? null : (
      <fieldset>
        <legend>{trans.__('Parameters of each run')}</legend>
        <FormComponent
          tagName="div"
          schema={parametersSchema(parameters)}
          uiSchema={parametersUi(parameters)}
          formData={this._draft.values}
          validator={silent}
          noValidate
          noHtml5Validate
          templates={templates}
          showErrorList={false}
          idPrefix="claimed-schedule-parameter"
          onChange={event =>
            this._change({ values: event.formData as JSONObject })
          }
        >
          <></>
        </FormComponent>
      </fieldset>
    );
  }

  private _change(changed: Partial<IScheduleDraft>): void {
    this._draft = { ...this._draft, ...changed };
    this.update();
  }

  private _draft: IScheduleDraft;
}

/** When it would run next, in words. */
function Next(props: {
  draft: IScheduleDraft;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { draft, trans } = props;
  const times = nextOf(draft, new Date());
  return times.length === 0 ? null : (
    <p className="claimed-ScheduleForm-next" role="status">
      {trans.__('Next: ')}
      {times.map(time => momentText(time, trans)).join(' · ')}
    </p>
  );
}

/** From when and until when, by the clock here. */
function Bounds({ draft, problems, change, trans }: IDraftProps): JSX.Element {
  return (
    <div className="claimed-ScheduleForm-pair">
      <Field id="claimed-schedule-start" label={trans.__('From (optional)')}>
        <input
          id="claimed-schedule-start"
          type="datetime-local"
          value={draft.start}
          onChange={event => change({ start: event.target.value })}
        />
      </Field>
      <Field
        id="claimed-schedule-end"
        label={trans.__('Until (optional)')}
        problem={problems.end}
      >
        <input
          id="claimed-schedule-end"
          type="datetime-local"
          value={draft.end}
          onChange={event => change({ end: event.target.value })}
        />
      </Field>
    </div>
  );
}

/** How many at a time, and what of times that were missed. */
function Crowd({ draft, problems, change, trans }: IDraftProps): JSX.Element {
  const id = 'claimed-schedule-at-a-time';
  return (
    <>
      <Field
        id={id}
        label={trans.__('Runs at a time')}
        help={trans.__('Where one takes longer than it is to the next.')}
        problem={problems.atATime}
      >
        <input
          id={id}
          type="number"
          min={1}
          max={MOST_AT_A_TIME}
          value={isNaN(draft.atATime) ? '' : draft.atATime}
          onChange={event => change({ atATime: event.target.valueAsNumber })}
        />
      </Field>
      <label className="claimed-ScheduleForm-check">
        <input
          type="checkbox"
          checked={draft.catchUp}
          onChange={event => change({ catchUp: event.target.checked })}
        />
        {trans.__('Make up for times that were missed while it was off')}
      </label>
    </>
  );
}
