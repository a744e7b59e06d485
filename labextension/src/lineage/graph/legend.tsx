import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { State } from '../../api/types';
import { StateBadge } from '../../runs/badge';

const STATES: State[] = [
  'COMPLETE',
  'RUNNING',
  'FAILED',
  'CACHED',
  'CANCELED',
  'NEW'
];

/** What shapes, colours, signs and keys are for. */
export function Legend(props: {
  /** The types of the artifacts in the graph. */
  types: string[];
  trans: TranslationBundle;
}): JSX.Element {
  const { types, trans } = props;
  return (
    <section
      className="claimed-LineageGraph-legend"
      aria-label={trans.__('Legend')}
    >
      <Kinds trans={trans} />
      {types.length > 0 && (
        <>
          <h4>{trans.__('Types of artifacts')}</h4>
          <ul>
            {types.map(type => (
              <li key={type}>
                <span className="claimed-Shape" data-type={type} />
                {type}
              </li>
            ))}
          </ul>
        </>
      )}
      <h4>{trans.__('States of executions')}</h4>
      <ul>
        {STATES.map(state => (
          <li key={state}>
            <StateBadge state={state} seconds={null} trans={trans} />
          </li>
        ))}
      </ul>
      <Hands trans={trans} />
    </section>
  );
}

function Kinds({ trans }: { trans: TranslationBundle }): JSX.Element {
  const kinds = [
    ['artifact', trans.__('Artifact: a file that was read or made')],
    ['execution', trans.__('Execution: a task that ran')],
    ['context', trans.__('Context: a pipeline or a run')],
    ['group', trans.__('Group: things alike; a click opens it')]
  ];
  return (
    <ul>
      {kinds.map(([kind, text]) => (
        <li key={kind}>
          <span className="claimed-LineageGraph-kind" data-kind={kind} />
          {text}
        </li>
      ))}
    </ul>
  );
}

function Hands({ trans }: { trans: TranslationBundle }): JSX.Element {
  const keys = [
    ['← →', trans.__('to an input, to an output')],
    ['↑ ↓', trans.__('to what lies above, below')],
    ['[ ]', trans.__('show more inputs, more outputs')],
    ['+ −', trans.__('zoom; so does Ctrl with the wheel')],
    ['0', trans.__('show everything')],
    ['Enter', trans.__('open')]
  ];
  return (
    <>
      <h4>{trans.__('Keys')}</h4>
      <dl>
        {keys.map(([key, text]) => (
          <React.Fragment key={key}>
            <dt>{key}</dt>
            <dd>{text}</dd>
          </React.Fragment>
        ))}
      </dl>
    </>
  );
}
