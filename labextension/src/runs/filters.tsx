import { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';
import { State } from '../api/types';
import { stateLabel } from './format';
import { ISelection, Order } from './select';

const STATES: State[] = [
  'RUNNING',
  'COMPLETE',
  'FAILED',
  'CANCELED',
  'CACHED',
  'NEW'
];

/** What narrows the list of runs: words, a state, an order. */
export function Filters(props: {
  selection: ISelection;
  onChange: (selection: ISelection) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { selection, onChange, trans } = props;
  return (
    <div className="claimed-Runs-filters" role="search">
      <input
        className="jp-mod-styled"
        type="search"
        placeholder={trans.__('Filter runs')}
        title={trans.__(
          'Words of the name, the path, the parameters (seed=7), the person, the engine'
        )}
        aria-label={trans.__('Filter runs')}
        value={selection.text}
        onChange={event => onChange({ ...selection, text: event.target.value })}
      />
      <div className="claimed-Runs-choices">
        <Choice
          label={trans.__('State of the runs')}
          value={selection.state}
          options={stateOptions(trans)}
          onChange={state => onChange({ ...selection, state })}
        />
        <Choice
          label={trans.__('Order of the runs')}
          value={selection.order}
          options={orderOptions(trans)}
          onChange={order => onChange({ ...selection, order })}
        />
      </div>
    </div>
  );
}

function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: [T, string][];
  onChange: (value: T) => void;
}): JSX.Element {
  return (
    <HTMLSelect
      aria-label={props.label}
      value={props.value}
      onChange={event => props.onChange(event.target.value as T)}
    >
      {props.options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </HTMLSelect>
  );
}

function stateOptions(trans: TranslationBundle): [State | 'all', string][] {
  const all: [State | 'all', string] = ['all', trans.__('All states')];
  return [
    all,
    ...STATES.map((s): [State, string] => [s, stateLabel(s, trans)])
  ];
}

function orderOptions(trans: TranslationBundle): [Order, string][] {
  return [
    ['newest', trans.__('Newest')],
    ['oldest', trans.__('Oldest')],
    ['pipeline', trans.__('By name')],
    ['longest', trans.__('Longest')]
  ];
}
