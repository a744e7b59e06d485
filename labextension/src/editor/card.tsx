import { TranslationBundle } from '@jupyterlab/translation';
import { Handle, Node, NodeProps, Position } from '@xyflow/react';
import * as React from 'react';
import {
  IArtifact,
  IOutput,
  IPort,
  ITaskInput,
  ITaskRun,
  Source,
  isArtifact,
  typeName
} from '../api/types';
import { iconOf } from '../icons';
import { StateBadge } from '../runs/badge';
import { OutputHint } from '../runs/outputhint';
import { CommandIDs } from '../tokens';
import { ICard } from './graph';
import { HIDDEN_INPUTS, handleId, useStage } from './stage';
import { LogTail } from './tail';
import { sourceText, valueText } from './source';

export type TaskNode = Node<
  {
    card: ICard;
    /** When the running task began, in ms since the epoch. */
    since: number | null;
    trans: TranslationBundle;
  },
  'task'
>;

/** What the server says of an input that waits for its wire. */
const NOT_SET = 'missing-input';

/** A task on the canvas: in full from near, its title alone from afar. */
export function TaskCard({ data, selected }: NodeProps<TaskNode>): JSX.Element {
  const { card, trans } = data;
  const { task, run } = card;
  const isInvalid = card.diagnostics.some(
    d => d.level === 'error' && d.code !== NOT_SET
  );
  return (
    <div
      className="claimed-Card"
      data-task={task.name}
      data-state={run?.state}
      data-invalid={isInvalid || undefined}
      data-selected={selected || undefined}
      style={{ width: card.width, minHeight: card.height }}
      title={task.description}
    >
      <header className="claimed-Card-header">
        <TaskIcon card={card} />
        <div className="claimed-Card-names">
          <div className="claimed-Card-title">{task.title}</div>
          <div className="claimed-Card-component">{task.name}</div>
          <div className="claimed-Card-component">{task.component}</div>
        </div>
      </header>
      <Ports card={card} />
      <Values card={card} trans={trans} />
      <footer className="claimed-Card-footer" title={run?.reason}>
        <TaskState {...data} />
        <Warnings card={card} trans={trans} />
      </footer>
      {run?.state === 'RUNNING' && <LogTail task={task.name} />}
      <Overview {...data} />
    </div>
  );
}

function Ports({ card }: { card: ICard }): JSX.Element {
  const { task, run } = card;
  return (
    <>
      {card.inputs.map(input => (
        <Port key={input.name} port={input} side="in" source={input.source} />
      ))}
      {card.outputs.map(output => (
        <Port
          key={output.name}
          port={output}
          side="out"
          made={run?.outputs[output.name]}
          task={task.name}
        />
      ))}
    </>
  );
}

/** What covers a card when its ports are too small to be read. */
function Overview(data: TaskNode['data']): JSX.Element {
  const { task, run } = data.card;
  return (
    <div className="claimed-Card-overview" aria-hidden="true">
      <TaskIcon card={data.card} />
      <span className="claimed-Card-overviewTitle">{task.title}</span>
      <span className="claimed-Card-overviewName">{task.name}</span>
      {run && <TaskState {...data} />}
    </div>
  );
}

function TaskIcon({ card }: { card: ICard }): JSX.Element {
  const Icon = iconOf(card.task.category, card.task.component);
  return <Icon.react className="claimed-Card-icon" tag="span" />;
}

function TaskState({ card, since, trans }: TaskNode['data']): JSX.Element {
  const { run } = card;
  return run ? (
    <StateBadge
      state={run.state}
      seconds={run.seconds}
      since={since}
      trans={trans}
    />
  ) : (
    <span className="claimed-State">{trans.__('Not run yet')}</span>
  );
}

function Port(props: {
  port: IPort;
  side: 'in' | 'out';
  source?: Source | null;
  /** What the run that is looked at made of it. */
  made?: unknown;
  task?: string;
}): JSX.Element {
  const { port, side, source, made } = props;
  const type = typeName(port.type);
  const from = source ? `\n← ${sourceText(source)}` : '';
  const is =
    made === undefined || isArtifact(made) ? '' : ` = ${valueText(made)}`;
  return (
    <div
      className={`claimed-Port claimed-mod-${side} claimed-mod-${port.kind}`}
      data-port={port.name}
      title={`${port.name}: ${type}${is}${from}\n${port.description}`.trim()}
    >
      <Handle
        id={handleId(side, port.name)}
        type={side === 'in' ? 'target' : 'source'}
        position={side === 'in' ? Position.Left : Position.Right}
        className="claimed-Shape"
        data-type={port.kind === 'artifact' ? type : 'parameter'}
      />
      {isArtifact(made) && props.task ? (
        <MadeName name={port.name} task={props.task} artifact={made} />
      ) : (
        <span className="claimed-Port-name">{port.name}</span>
      )}
      <PortOrigin port={port} source={source} />
      <span className="claimed-Port-type">{type}</span>
    </div>
  );
}

/** An output that was made: a click opens it. */
function MadeName(props: {
  name: string;
  task: string;
  artifact: IArtifact;
}): JSX.Element {
  const { name, task, artifact } = props;
  const { commands, model, trans } = useStage();
  const run = model.run!.run_id;
  const open = { run, task, output: name };
  return (
    <OutputHint
      artifact={artifact}
      load={() => model.runs.output(run, task, name)}
      trans={trans}
    >
      <button
        className="claimed-Port-name claimed-Link nodrag"
        title="" // the hint is instead of what the port says
        aria-label={trans.__('Open %1', name)}
        onClick={() => void commands.execute(CommandIDs.openOutput, open)}
      >
        {name}
      </button>
    </OutputHint>
  );
}

/** Where an input's value comes from, unless a wire shows it. */
function PortOrigin(props: {
  port: IPort;
  source?: Source | null;
}): JSX.Element | null {
  const { source } = props;
  return source && !('output' in source) ? (
    <span className="claimed-Port-origin">= {sourceText(source)}</span>
  ) : null;
}

/** The inputs and outputs that are values: how many, and which on hover. */
function Values(props: {
  card: ICard;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { card, trans } = props;
  const { model } = useStage();
  const { settings, values, isOpen } = card;
  const given = settings.map(givenText);
  const made = values.map(output => madeText(output, card.run));
  if (given.length + made.length === 0 && !isOpen) {
    return null;
  }
  return (
    <div className="claimed-Card-values" data-port={HIDDEN_INPUTS}>
      {given.length > 0 && (
        <Handle
          id={handleId('in', HIDDEN_INPUTS)}
          type="target"
          position={Position.Left}
          className="claimed-Shape"
          data-type="parameter"
          isConnectableStart={false}
        />
      )}
      <button
        className="nodrag"
        aria-expanded={isOpen}
        title={[...given, ...made].join('\n')}
        onClick={event => {
          event.stopPropagation();
          model.toggleValues(card.task.name);
        }}
      >
        {isOpen
          ? `▾ ${trans.__('Fewer')}`
          : `▸ ${counted(given.length, made.length, trans)}`}
      </button>
    </div>
  );
}

function counted(
  given: number,
  made: number,
  trans: TranslationBundle
): string {
  return [
    given > 0 && trans._n('%1 parameter', '%1 parameters', given),
    made > 0 && trans._n('%1 value', '%1 values', made)
  ]
    .filter(Boolean)
    .join(', ');
}

function givenText(input: ITaskInput): string {
  const { name, source, default: value } = input;
  return `${name} = ${source ? sourceText(source) : valueText(value)}`;
}

function madeText({ name, type }: IOutput, run: ITaskRun | null): string {
  const value = run?.outputs[name];
  return value === undefined
    ? `${name}: ${type}`
    : `${name} = ${valueText(value)}`;
}

function Warnings(props: {
  card: ICard;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { diagnostics, task } = props.card;
  const shown = diagnostics.filter(d => d.level !== 'info');
  const isUnfinished = shown.every(d => d.code === NOT_SET);
  if (shown.length > 0 && isUnfinished && task.missing.length === 0) {
    // Nobody did anything wrong: it is only not done yet.
    const inputs = shown.map(d => d.field).join(', ');
    return (
      <span
        className="claimed-Card-needs"
        title={shown.map(d => d.message).join('\n')}
      >
        {props.trans.__('Needs %1', inputs)}
      </span>
    );
  }
  const lines = shown.map(d => d.message);
  if (task.missing.length) {
    lines.push(props.trans.__('Not installed: %1', task.missing.join(', ')));
  }
  if (lines.length === 0) {
    return null;
  }
  const text = props.trans._n('%1 problem', '%1 problems', lines.length);
  return (
    <span className="claimed-Card-problems" title={lines.join('\n')}>
      ⚠ {text}
    </span>
  );
}
