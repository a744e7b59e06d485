import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Poll } from '@lumino/polling';
import * as React from 'react';
import { messageOf } from '../api/errors';
import { ILineageNode, IReproduced, LineageClient } from '../api/lineage';
import { Busy } from '../catalogs/busy';
import type { Actions } from './actions';
import { plainText } from './words';

/** How often one asks how far it is, in ms. */
const ASK = 1500;

interface IReproduceOptions {
  node: ILineageNode;
  run: string;
  client: LineageClient;
  actions: Actions;
  trans: TranslationBundle;
}

/** An artifact that is made again: how far that is, and whether it is the same. */
export class ReproduceView extends ReactWidget {
  constructor(private readonly _options: IReproduceOptions) {
    super();
    this.addClass('claimed-Reproduce');
    this.node.tabIndex = -1;
    this._poll = new Poll({
      name: 'claimed-jlab:reproduced',
      factory: () => this._ask(),
      frequency: { interval: ASK, backoff: true }
    });
  }

  override dispose(): void {
    this._poll.dispose();
    super.dispose();
  }

  protected override render(): JSX.Element {
    const { node, run, actions, trans } = this._options;
    return (
      <>
        <h2>{trans.__('Making “%1” again', node.name)}</h2>
        <p className="claimed-quiet">
          {trans.__(
            'With the code, the inputs and the parameters that it was made with.'
          )}
        </p>
        <p>
          <button className="claimed-Link" onClick={() => actions.openRun(run)}>
            {trans.__('Show the run')}
          </button>
        </p>
        {this._problem && (
          <p className="claimed-Field-problem" role="alert">
            {this._problem}
          </p>
        )}
        <Verdict answer={this._answer} trans={trans} />
      </>
    );
  }

  private async _ask(): Promise<void> {
    const { client, node, run } = this._options;
    try {
      this._answer = await client.reproduced(node.id, run);
      this._problem = '';
    } catch (error) {
      this._problem = messageOf(error);
    }
    if (this._answer && this._answer.verdict !== 'running') {
      void this._poll.stop();
    }
    this.update();
  }

  private readonly _poll: Poll<void>;
  private _answer: IReproduced | null = null;
  private _problem = '';
}

function Verdict(props: {
  answer: IReproduced | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { answer, trans } = props;
  if (!answer || answer.verdict === 'running') {
    return <Busy label={answer?.text || trans.__('Running…')} />;
  }
  return (
    <>
      <p
        className="claimed-Reproduce-verdict"
        data-verdict={answer.verdict}
        role="status"
      >
        {answer.text}
      </p>
      {answer.rows.length > 0 && <Rows rows={answer.rows} trans={trans} />}
    </>
  );
}

function Rows(props: {
  rows: IReproduced['rows'];
  trans: TranslationBundle;
}): JSX.Element {
  const { rows, trans } = props;
  const heads = [
    trans.__('Task'),
    trans.__('Output'),
    trans.__('Expected'),
    trans.__('Got'),
    trans.__('Same')
  ];
  return (
    <table>
      <thead>
        <tr>
          {heads.map(head => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ task, output, expected, got, same, why }, index) => (
          <tr key={index} data-differs={!same || undefined}>
            <td>{task}</td>
            <td>{output}</td>
            <td title={String(expected)}>{plainText(expected)}</td>
            <td title={String(got)}>{plainText(got)}</td>
            <td>
              {same ? trans.__('✓ same') : trans.__('≠ different')}
              {why && <span className="claimed-quiet"> {why}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
