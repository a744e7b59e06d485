import { TranslationBundle } from '@jupyterlab/translation';
import { Handle, Node, NodeProps, Position } from '@xyflow/react';
import * as React from 'react';
import { IPort, Source, typeName } from '../api/types';
import { iconOf } from '../icons';
import { StateBadge } from '../runs/badge';
import { ICard } from './graph';
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

/** A task on the canvas: in full from near, its title alone from afar. */
export function TaskCard({ data, selected }: NodeProps<TaskNode>): JSX.Element {
  const { card, trans } = data;
  const { task, run } = card;
  const isInvalid = card.diagnostics.some(d => d.level === 'error');
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
      {card.inputs.map(input => (
        <Port key={input.name} port={input} side="in" source={input.source} />
      ))}
      {card.outputs.map(output => (
        <Port key={output.name} port={output} side="out" />
      ))}
      <Values card={card} trans={trans} />
      <footer className="claimed-Card-footer">
        <TaskState {...data} />
        <Warnings card={card} trans={trans} />
      </footer>
      <Overview {...data} />
    </div>
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
}): JSX.Element {
  const { port, side, source } = props;
  const type = typeName(port.type);
  const from = source ? `\n← ${sourceText(source)}` : '';
  return (
    <div
      className={`claimed-Port claimed-mod-${side} claimed-mod-${port.kind}`}
      data-port={port.name}
      title={`${port.name}: ${type}${from}\n${port.description}`.trim()}
    >
      <Handle
        id={`${side}:${port.name}`}
        type={side === 'in' ? 'target' : 'source'}
        position={side === 'in' ? Position.Left : Position.Right}
        className="claimed-Shape"
        data-type={port.kind === 'artifact' ? type : 'parameter'}
        isConnectable={false}
      />
      <span className="claimed-Port-name">{port.name}</span>
      <span className="claimed-Port-type">{type}</span>
    </div>
  );
}

/** The inputs and outputs that are values: how many, and which on hover. */
function Values(props: {
  card: ICard;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { card, trans } = props;
  const { settings, values } = card;
  const given = settings.map(({ name, source, default: value }) =>
    source ? `${name} = ${sourceText(source)}` : `${name} = ${valueText(value)}`
  );
  const made = values.map(({ name, type }) => {
    const value = card.run?.outputs[name];
    return value === undefined
      ? `${name}: ${type}`
      : `${name} = ${valueText(value)}`;
  });
  if (given.length + made.length === 0) {
    return null;
  }
  return (
    <div className="claimed-Card-values">
      <span title={given.join('\n')}>
        {given.length > 0 &&
          trans._n('%1 parameter', '%1 parameters', given.length)}
      </span>
      <span title={made.join('\n')}>
        {made.length > 0 && trans._n('%1 value', '%1 values', made.length)}
      </span>
    </div>
  );
}

function Warnings(props: {
  card: ICard;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { diagnostics, task } = props.card;
  const shown = diagnostics.filter(d => d.level !== 'info');
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
