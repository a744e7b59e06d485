import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { IDifference, ITaskChange } from '../api/types';

export interface IDifferenceOptions {
  found: IDifference;
  /** What the document is compared with, in words. */
  other: string;
  /** Shows a task on the canvas. */
  select: (task: string) => void;
  trans: TranslationBundle;
}

/** What differs between two versions of a pipeline, a task at a time. */
export class DifferenceView extends ReactWidget {
  constructor(private readonly _options: IDifferenceOptions) {
    super();
    this.addClass('claimed-Difference');
  }

  protected override render(): JSX.Element {
    const { found, other, trans } = this._options;
    const apart = found.lines.filter(line => !line.startsWith('task '));
    return (
      <>
        <h2>{trans.__('Since %1', other)}</h2>
        {found.lines.length === 0 && <p>{trans.__('Nothing differs.')}</p>}
        {apart.length > 0 && (
          <section>
            <h3>{trans.__('Pipeline and parameters')}</h3>
            <ul>
              {apart.map(line => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
        )}
        {found.tasks.map(task => (
          <Task key={task.name} task={task} {...this._options} />
        ))}
      </>
    );
  }
}

function Task(props: IDifferenceOptions & { task: ITaskChange }): JSX.Element {
  const { task, select, trans } = props;
  const words = {
    added: trans.__('added'),
    removed: trans.__('removed'),
    changed: trans.__('changed'),
    moved: trans.__('moved'),
    renamed: trans.__('renamed, was %1', task.was ?? '')
  };
  return (
    <section data-change={task.change}>
      <h3>
        {task.change === 'removed' ? (
          task.name
        ) : (
          <button className="claimed-Link" onClick={() => select(task.name)}>
            {task.name}
          </button>
        )}
        <span className="claimed-Difference-change">{words[task.change]}</span>
      </h3>
      {task.change !== 'moved' && (
        <table>
          <tbody>
            {task.fields.map(({ field, before, after }) => (
              <tr key={field}>
                <th scope="row">{field.replace(/^inputs\./, '')}</th>
                <td className="claimed-Difference-before">{shown(before)}</td>
                <td className="claimed-Difference-after">{shown(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A value, or where an input comes from. */
function shown(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'object' && !Array.isArray(value)) {
    const [[kind, inner] = ['', ''], ...more] = Object.entries(value);
    if (more.length === 0 && ['output', 'value'].includes(kind)) {
      return typeof inner === 'string' ? inner : JSON.stringify(inner);
    }
    if (more.length === 0 && ['parameter', 'secret'].includes(kind)) {
      return `${kind} ${String(inner)}`;
    }
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
