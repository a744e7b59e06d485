import { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IComponent, IPort, typeName } from '../api/types';
import { containerIcon, iconOf } from '../icons';
import { CommandIDs } from '../tokens';
import { ComponentDetails } from './details';
import { dragComponent } from './drag';
import { Marks, markLabels } from './marks';
import { IRow, Move, PaletteModel } from './model';

const MOVES: { [key: string]: Move } = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowRight: 'in',
  ArrowLeft: 'out',
  Home: 'first',
  End: 'last'
};

interface ITreeProps {
  model: PaletteModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** The tree of the palette; one stop of the Tab key, arrows move inside. */
export function ComponentTree(props: ITreeProps): JSX.Element {
  const { model, trans } = props;
  const tree = React.useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const row = (event.target as Element).closest('[role=treeitem]');
    if (row !== event.target) {
      return; // a button or a text inside the details has its own keys
    }
    const move = MOVES[event.key];
    if (move) {
      model.move(move);
    } else if (event.key === 'Enter' && place(model.active, props)) {
      // It is on the canvas now; Space shows what it is.
    } else if ((event.key === 'Enter' || event.key === ' ') && model.active) {
      model.toggle(model.active);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    tree.current
      ?.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]')
      ?.focus();
  };
  return (
    <div
      ref={tree}
      className="claimed-Tree"
      role="tree"
      aria-label={trans.__('Components')}
      onKeyDown={onKeyDown}
    >
      {model.rows.map(row => (
        <Row key={row.id} row={row} {...props} />
      ))}
    </div>
  );
}

/** Places a component in the current pipeline; false where there is none. */
function place(
  reference: string | null,
  { model, commands }: ITreeProps
): boolean {
  const isComponent = model.components.some(
    component => component.reference === reference
  );
  const canPlace = isComponent && commands.isEnabled(CommandIDs.addTask);
  if (canPlace) {
    void commands.execute(CommandIDs.addTask, { reference });
  }
  return canPlace;
}

interface IRowProps extends ITreeProps {
  row: IRow;
}

function Row(props: IRowProps): JSX.Element {
  const { row, model, commands, trans } = props;
  const { component } = row;
  const isActive = model.active === row.id;
  const ref = useFocusOf(isActive);
  const label = component
    ? ariaLabel(component, trans)
    : `${row.label}, ${row.count}`;
  return (
    <div
      ref={ref}
      role="treeitem"
      aria-level={row.level}
      aria-expanded={row.expanded}
      aria-label={label}
      tabIndex={isActive ? 0 : -1}
      className={`claimed-Tree-row claimed-mod-level${row.level}`}
      data-missing={component?.missing.length ? true : undefined}
      data-component={component?.reference}
      onFocus={event => {
        if (event.target === event.currentTarget) {
          model.active = row.id;
        }
      }}
    >
      <Line {...props} />
      {component && row.expanded && (
        <ComponentDetails
          component={component}
          commands={commands}
          trans={trans}
        />
      )}
    </div>
  );
}

function Line(props: IRowProps): JSX.Element {
  const { row, model, trans } = props;
  const { component } = row;
  return (
    <div
      className="claimed-Tree-line"
      title={component ? tooltip(component, trans) : undefined}
      onMouseDown={event => component && dragComponent(event, component)}
      onClick={() => {
        model.active = row.id;
        model.toggle(row.id);
      }}
      onDoubleClick={() => component && place(row.id, props)}
    >
      {component ? (
        <ComponentLine component={component} trans={trans} />
      ) : (
        <BranchLine row={row} />
      )}
    </div>
  );
}

/** Follows the arrow keys, but never takes the focus from elsewhere. */
function useFocusOf(isActive: boolean): React.RefObject<HTMLDivElement> {
  const ref = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const row = ref.current;
    if (isActive && row?.parentElement?.contains(document.activeElement)) {
      row.focus();
    }
  }, [isActive]);
  return ref;
}

function BranchLine({ row }: { row: IRow }): JSX.Element {
  return (
    <>
      <Caret open={row.expanded} />
      <span className="claimed-Tree-label">{row.label}</span>
      <span className="claimed-Tree-count">{row.count}</span>
    </>
  );
}

function ComponentLine(props: {
  component: IComponent;
  trans: TranslationBundle;
}): JSX.Element {
  const { component, trans } = props;
  const Icon = component.container
    ? containerIcon
    : iconOf(component.category, component.name);
  return (
    <>
      <Icon.react className="claimed-Tree-icon" tag="span" />
      <span className="claimed-Tree-text">
        <span className="claimed-Tree-title">{component.title}</span>
        <span className="claimed-Tree-description">
          {component.description}
        </span>
        <Marks component={component} trans={trans} />
        {component.missing.length > 0 && (
          <span className="claimed-Tree-missing">
            {trans.__('Needs %1', component.missing.join(', '))}
          </span>
        )}
      </span>
    </>
  );
}

function Caret({ open }: { open: boolean }): JSX.Element {
  const Icon = open ? caretDownIcon : caretRightIcon;
  return <Icon.react className="claimed-Tree-caret" tag="span" />;
}

function ariaLabel(component: IComponent, trans: TranslationBundle): string {
  const label = [component.title, ...markLabels(component, trans)].join(', ');
  return component.missing.length
    ? trans.__('%1, needs %2', label, component.missing.join(', '))
    : label;
}

/** Inputs and outputs with their types, one a line. */
function tooltip(component: IComponent, trans: TranslationBundle): string {
  const lines = [component.title, component.description];
  const add = (heading: string, ports: IPort[]) => {
    if (ports.length) {
      lines.push(
        '',
        heading,
        ...ports.map(p => `  ${p.name}: ${typeName(p.type)}`)
      );
    }
  };
  add(trans.__('Inputs'), component.inputs);
  add(trans.__('Outputs'), component.outputs);
  return lines.join('\n');
}
