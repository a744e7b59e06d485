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

interface IFiltersProps {
  selection: ISelection;
  /** By name and in words; it is chosen by them where there are several. */
  engines: [name: string, title: string][];
  showsArchived: boolean;
  onChange: (selection: ISelection) => void;
  onArchived: (shows: boolean) => void;
  trans: TranslationBundle;
}

/** What narrows the list of runs: words, a state, an order. */
export function Filters(props: IFiltersProps): JSX.Element {
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
      <Choices {...props} />
    </div>
  );
}

function Choices(props: IFiltersProps): JSX.Element {
  const { selection, engines, showsArchived, onChange, onArchived, trans } =
    props;
  return (
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
      {(engines.length > 1 || selection.engine !== 'all') && (
        <Choice
          label={trans.__('Engine of the runs')}
          value={selection.engine}
          options={[['all', trans.__('All engines')], ...engines]}
          onChange={engine => onChange({ ...selection, engine })}
        />
      )}
      <label className="claimed-Runs-archived">
        <input
          type="checkbox"
          checked={showsArchived}
          onChange={event => onArchived(event.target.checked)}
        />
        {trans.__('Show archived')}
      </label>
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
