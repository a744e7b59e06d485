import { FormComponent, UseSignal } from '@jupyterlab/ui-components';
import { JSONObject } from '@lumino/coreutils';
import * as React from 'react';
import { Draft } from './draft';
import { IFormContext, TaskField, WordsField } from './fields';
import { ForEachField } from './foreach';
import { silent, uiOf } from './schema';
import { SourceField } from './sourcefield';
import { PairsField, ThingsField } from './textfields';

const fields = {
  source: SourceField,
  forEach: ForEachField,
  words: WordsField,
  pairs: PairsField,
  things: ThingsField
};
const templates = { FieldTemplate: TaskField };

/** A form of a part of a task, or of the pipeline, whose edits go into the document. */
export function DraftForm(props: {
  draft: Draft;
  schema: JSONObject;
  context: IFormContext;
  prefix: string;
}): JSX.Element {
  const { draft, schema, context, prefix } = props;
  const ui = React.useMemo(() => uiOf(schema), [schema]);
  return (
    <div onBlur={() => draft.flush()}>
      <UseSignal signal={draft.changed}>
        {() => (
          <FormComponent
            tagName="div"
            schema={schema}
            uiSchema={ui}
            formData={draft.data}
            formContext={context}
            fields={fields}
            templates={templates}
            validator={silent}
            noValidate
            noHtml5Validate
            showErrorList={false}
            readonly={context.readOnly}
            idPrefix={prefix}
            onChange={event => draft.change(event.formData as JSONObject)}
          >
            <></>
          </FormComponent>
        )}
      </UseSignal>
    </div>
  );
}
