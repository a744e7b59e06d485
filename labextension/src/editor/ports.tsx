import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import {
  IArtifact,
  IOutput,
  IOutputView,
  IRun,
  ITask,
  ITaskRun,
  isArtifact,
  typeName
} from '../api/types';
import { fileSize } from '../runs/format';
import { OutputHint } from '../runs/outputhint';
import { CommandIDs } from '../tokens';
import { EditorModel } from './model';
import { valueText } from './source';

interface IOutputsProps {
  model: EditorModel;
  task: ITask;
  run: IRun | null;
  taskRun: ITaskRun | null;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** The outputs of a task; an artifact that exists opens with a click. */
export function TaskOutputs(props: IOutputsProps): JSX.Element {
  const { outputs } = props.task;
  if (outputs.length === 0) {
    return <p className="claimed-quiet">{props.trans.__('It gives none.')}</p>;
  }
  return (
    <table className="claimed-Ports">
      <tbody>
        {outputs.map(output => (
          <tr key={output.name} data-port={output.name}>
            <th scope="row" title={output.description}>
              <PortName port={output} />
            </th>
            <td>
              <OutputValue {...props} name={output.name} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OutputValue(props: IOutputsProps & { name: string }): JSX.Element {
  const { model, task, run, taskRun, commands, trans, name } = props;
  const value = taskRun?.outputs[name];
  if (value === undefined || value === null) {
    return <span className="claimed-quiet">{trans.__('not yet')}</span>;
  }
  if (!isArtifact(value)) {
    return <Value value={value} />;
  }
  const args = { run: run!.run_id, task: task.name, output: name };
  return (
    <ArtifactLink
      artifact={value}
      label={trans.__('Open %1', name)}
      load={() => model.runs.output(run!.run_id, task.name, name)}
      onClick={() => void commands.execute(CommandIDs.openOutput, args)}
      trans={trans}
    >
      <OriginLink {...props} artifact={value} />
    </ArtifactLink>
  );
}

/** The way to where an artifact came from. */
function OriginLink(
  props: IOutputsProps & { name: string; artifact: IArtifact }
): JSX.Element | null {
  const { commands, trans, name, artifact } = props;
  const id = artifact.artifact_id;
  return id === null ? null : (
    <button
      className="claimed-Link claimed-Ports-origin"
      aria-label={trans.__('Where did %1 come from?', name)}
      onClick={() =>
        void commands.execute(CommandIDs.openLineage, {
          node: `artifact/${id}`
        })
      }
    >
      {trans.__('Where did this come from?')}
    </button>
  );
}

/** A value in short; in full on hover. */
function Value({ value }: { value: unknown }): JSX.Element {
  const full = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <span className="claimed-Ports-value" title={full}>
      {valueText(value)}
    </span>
  );
}

function PortName({ port }: { port: IOutput }): JSX.Element {
  return (
    <>
      {port.kind === 'artifact' && (
        <span className="claimed-Shape" data-type={typeName(port.type)} />
      )}
      {port.name}
      <span className="claimed-Ports-type">{typeName(port.type)}</span>
    </>
  );
}

function ArtifactLink(props: {
  artifact: IArtifact;
  label: string;
  load: () => Promise<IOutputView>;
  onClick: () => void;
  trans: TranslationBundle;
  children: React.ReactNode;
}): JSX.Element {
  const { artifact, label, load, onClick, trans, children } = props;
  return (
    <>
      <OutputHint {...{ artifact, load, trans }}>
        <button
          className="claimed-Link"
          aria-label={`${label}: ${artifact.name}`}
          onClick={onClick}
        >
          {artifact.name}
        </button>
      </OutputHint>
      {typeof artifact.size === 'number' && (
        <span className="claimed-Ports-origin">{fileSize(artifact.size)}</span>
      )}
      {children}
    </>
  );
}
