import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import {
  IArtifact,
  IDescription,
  IOutput,
  IRun,
  ITask,
  ITaskInput,
  ITaskRun,
  isArtifact,
  typeName
} from '../api/types';
import { fileSize } from '../runs/format';
import { CommandIDs } from '../tokens';
import { sourceText, valueText } from './source';

/** The inputs of a task: their values, and where they come from. */
export function TaskInputs(props: {
  task: ITask;
  taskRun: ITaskRun | null;
  parameters: IDescription['parameters'];
  trans: TranslationBundle;
}): JSX.Element {
  const { task, taskRun, parameters, trans } = props;
  if (task.inputs.length === 0) {
    return <p className="claimed-quiet">{trans.__('It takes none.')}</p>;
  }
  return (
    <table className="claimed-Ports">
      <tbody>
        {task.inputs.map(input => (
          <tr key={input.name} data-port={input.name}>
            <th scope="row" title={input.description}>
              <PortName port={input} />
            </th>
            <td>
              <InputValue
                input={input}
                taskRun={taskRun}
                parameters={parameters}
                trans={trans}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function InputValue(props: {
  input: ITaskInput;
  taskRun: ITaskRun | null;
  parameters: IDescription['parameters'];
  trans: TranslationBundle;
}): JSX.Element {
  const { input, taskRun, parameters, trans } = props;
  const { source } = input;
  const value = taskRun?.inputs[input.name] ?? planned(input, parameters);
  const origin = !source
    ? trans.__('default')
    : 'value' in source
      ? ''
      : sourceText(source);
  return (
    <>
      {value !== undefined && value !== null && (
        <Value value={isArtifact(value) ? value.name : value} />
      )}
      {origin && <span className="claimed-Ports-origin">{origin}</span>}
    </>
  );
}

/** The value that an input will have, as far as it is known before a run. */
function planned(
  { source, default: value }: ITaskInput,
  parameters: IDescription['parameters']
): unknown {
  if (!source) {
    return value;
  }
  if ('parameter' in source) {
    return parameters[source.parameter]?.default;
  }
  return 'value' in source ? source.value : undefined;
}

interface IOutputsProps {
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
  const { task, run, taskRun, commands, trans, name } = props;
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
      onClick={() => void commands.execute(CommandIDs.openOutput, args)}
    />
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

function PortName({ port }: { port: ITaskInput | IOutput }): JSX.Element {
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
  onClick: () => void;
}): JSX.Element {
  const { artifact } = props;
  return (
    <>
      <button
        className="claimed-Link"
        title={`${props.label}\n${artifact.uri}`}
        onClick={props.onClick}
      >
        {artifact.name}
      </button>
      {typeof artifact.size === 'number' && (
        <span className="claimed-Ports-origin">{fileSize(artifact.size)}</span>
      )}
    </>
  );
}
