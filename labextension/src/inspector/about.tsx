import { PathExt } from '@jupyterlab/coreutils';
import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { ClaimedClient } from '../api/client';
import { ITask } from '../api/types';
import { EditorModel } from '../editor/model';
import { CommandIDs } from '../tokens';
import { useAsked, useNewer } from './schemas';

interface IAboutProps {
  model: EditorModel;
  client: ClaimedClient;
  commands: CommandRegistry;
  task: ITask;
  /** As the document names it. */
  component: string;
  trans: TranslationBundle;
}

/** The component of a task: what it says of itself, its code, its newer version. */
export function About(props: IAboutProps): JSX.Element {
  const { task, component, trans } = props;
  const [isOpen, setOpen] = React.useState(false);
  return (
    <>
      <Newer {...props} />
      <details
        className="claimed-Section"
        onToggle={event => setOpen(event.currentTarget.open)}
      >
        <summary>{trans.__('About the component')}</summary>
        <p>
          <code>{component}</code>
        </p>
        {isOpen && <Readme {...props} />}
        {task.requirements.length > 0 && (
          <p className="claimed-quiet">
            {trans.__('Needs %1', task.requirements.join(', '))}
          </p>
        )}
        <OpenNotebook {...props} />
      </details>
    </>
  );
}

function OpenNotebook(props: IAboutProps): JSX.Element {
  const { model, commands, component, trans } = props;
  const open = () => {
    const isBeside = /\.(ipynb|py|pipeline)$/.test(component);
    const folder = PathExt.dirname(model.path);
    return isBeside
      ? commands.execute('docmanager:open', {
          path: PathExt.join(folder, component)
        })
      : commands.execute(CommandIDs.openCode, { reference: component });
  };
  const label = component.endsWith('.pipeline')
    ? trans.__('Open pipeline')
    : trans.__('Open notebook');
  return (
    <button className="jp-Button jp-mod-styled" onClick={() => void open()}>
      {label}
    </button>
  );
}

/** What the component's notebook says before its code. */
function Readme(props: IAboutProps): JSX.Element {
  const { client, commands, component, task, trans } = props;
  const ask = React.useCallback(async () => {
    const { notebook } = await client.componentCode(component);
    const cells = notebook?.cells ?? [];
    const code = cells.findIndex(cell => cell.cell_type === 'code');
    const text = cells
      .slice(0, code < 0 ? cells.length : code)
      .map(({ source }) => (Array.isArray(source) ? source.join('') : source))
      .join('\n\n');
    return (await commands.execute(CommandIDs.renderMarkdown, {
      text
    })) as HTMLElement;
  }, [client, commands, component]);
  const { value, error } = useAsked(ask);
  const host = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    if (value) {
      host.current?.replaceChildren(value);
    }
  }, [value]);
  return error ? (
    <p>{task.description}</p>
  ) : (
    <div ref={host} className="claimed-Readme">
      {value ? null : trans.__('Reading…')}
    </div>
  );
}

/** A newer version of the component, what changes by it, and the way to it. */
function Newer(props: IAboutProps): JSX.Element | null {
  const { model, client, task, component, trans } = props;
  const found = useNewer(client, component);
  if (!found?.newer) {
    return null;
  }
  const { newer, differences } = found;
  const isBreaking = differences.some(({ level }) => level === 'major');
  return (
    <div className="claimed-Newer" role="status">
      <p>{trans.__('There is a newer version: %1', newer)}</p>
      <ul>
        {differences.map(({ level, words }) => (
          <li key={words} data-level={level}>
            {words}
          </li>
        ))}
      </ul>
      {isBreaking && (
        <p className="claimed-quiet">
          {trans.__('Some of it may need a change of this task.')}
        </p>
      )}
      <button
        className="jp-Button jp-mod-styled"
        disabled={model.readOnly}
        onClick={() =>
          model.document.set(['tasks', task.name, 'component'], newer)
        }
      >
        {trans.__('Take the newer version')}
      </button>
    </div>
  );
}
