import { JupyterFrontEnd } from '@jupyterlab/application';
import { FieldProps } from '@rjsf/utils';
import * as React from 'react';
import { appear } from './appear';

/** What the section of the metadata form is called; as in the schema. */
const SECTION = 'CLAIMED component';

/** JupyterLab's own command that opens the property inspector. */
const SHOW_INSPECTOR = 'property-inspector:show-panel';

/**
 * Opens the property inspector at the form of the component's details.
 *
 * It is about the notebook that is in front, which is brought there first.
 */
export async function editDetails(
  app: JupyterFrontEnd,
  notebook: string
): Promise<void> {
  app.shell.activateById(notebook);
  await app.commands.execute(SHOW_INSPECTOR);
  const field = await appear(
    () => findSection()?.querySelector<HTMLElement>('input, textarea') ?? null
  );
  if (field) {
    findSection()?.scrollIntoView({ block: 'start' });
    field.focus({ preventScroll: true });
  }
}

/** The section of the inspector, opened. */
function findSection(): HTMLElement | null {
  const headers = document.querySelectorAll<HTMLElement>(
    '.jp-NotebookTools .jp-Collapse-header'
  );
  const header = [...headers].find(
    node => node.textContent === SECTION && node.offsetParent !== null
  );
  if (header?.classList.contains('jp-Collapse-header-collapsed')) {
    header.click();
  }
  return header?.parentElement ?? null;
}

/** Tags as one line of words with commas, in the metadata form. */
export function TagsField(props: FieldProps): JSX.Element {
  const { formData, idSchema, onChange, schema } = props;
  const tags: string[] = Array.isArray(formData) ? formData : [];
  const [text, setText] = React.useState(tags.join(', '));
  return (
    <>
      {/* JupyterLab draws no label beside a field that is not its own. */}
      <div className="jp-FormGroup-compactTitle">
        <label
          htmlFor={idSchema.$id}
          className="jp-FormGroup-fieldLabel jp-FormGroup-contentItem"
        >
          {schema.title}
        </label>
        <div className="jp-FormGroup-description">{schema.description}</div>
      </div>
      <div className="jp-inputFieldWrapper jp-FormGroup-contentItem">
        <input
          id={idSchema.$id}
          className="form-control"
          type="text"
          value={text}
          onChange={event => {
            setText(event.target.value);
            const words = splitTags(event.target.value);
            onChange(words.length > 0 ? words : undefined);
          }}
        />
      </div>
    </>
  );
}

/** The tags of a line; each once, in the order that they stand there. */
export function splitTags(text: string): string[] {
  const words = text.split(',').map(word => word.trim());
  return [...new Set(words.filter(Boolean))];
}
