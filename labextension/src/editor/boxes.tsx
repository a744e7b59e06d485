import { Handle, NodeProps, NodeResizer, Position } from '@xyflow/react';
import * as React from 'react';
import { IGroup } from '../drawing/things';
import { GroupNode, NoteNode } from './nodes';
import { useStage } from './stage';
import { Words } from './words';

/** A comment of the user on the canvas. */
export function NoteBox({
  id,
  data,
  selected
}: NodeProps<NoteNode>): JSX.Element {
  const { drawing, model, trans } = useStage();
  const { note } = data;
  const at = ['canvas', 'notes', note.id];
  return (
    <div className="claimed-Note" data-selected={selected || undefined}>
      <NodeResizer
        isVisible={!!selected && !model.readOnly}
        minWidth={100}
        minHeight={50}
        onResizeEnd={(_, { x, y, width, height }) =>
          drawing.document.transact(() => {
            drawing.document.set([...at, 'position'], [x, y].map(Math.round));
            drawing.document.set(
              [...at, 'size'],
              [width, height].map(Math.round)
            );
          })
        }
      />
      <Words
        id={id}
        text={note.text}
        long
        label={trans.__('Note; double-click to write')}
        placeholder={trans.__('Double-click to write')}
        onChange={text => drawing.document.set([...at, 'text'], text)}
      />
    </div>
  );
}

/** The frame of a group; collapsed, all there is of its tasks. */
export function GroupBox({
  id,
  data,
  selected
}: NodeProps<GroupNode>): JSX.Element {
  const { trans } = useStage();
  const { group, running } = data;
  const { collapsed } = group;
  return (
    <div
      className="claimed-Group"
      data-selected={selected || undefined}
      data-collapsed={collapsed || undefined}
    >
      <GroupHeader id={id} group={group} />
      {collapsed && (
        <>
          <p>
            {trans._n('%1 task', '%1 tasks', group.tasks.length)}
            {running > 0 && `, ${trans.__('%1 running', running)}`}
          </p>
          <GroupHandle side="in" />
          <GroupHandle side="out" />
        </>
      )}
    </div>
  );
}

function GroupHeader(props: { id: string; group: IGroup }): JSX.Element {
  const { drawing, trans } = useStage();
  const { id, group } = props;
  const { collapsed } = group;
  const at = ['canvas', 'groups', group.id];
  return (
    <header>
      <button
        className="nodrag"
        aria-expanded={!collapsed}
        title={collapsed ? trans.__('Show the tasks') : trans.__('Collapse')}
        onClick={() => drawing.document.set([...at, 'collapsed'], !collapsed)}
      >
        {collapsed ? '▸' : '▾'}
      </button>
      <Words
        id={id}
        text={group.title}
        label={trans.__('Title of the group; double-click to write')}
        onChange={title => drawing.document.set([...at, 'title'], title)}
      />
    </header>
  );
}

/** Where the wires of the tasks that are not seen end. */
function GroupHandle({ side }: { side: 'in' | 'out' }): JSX.Element {
  return (
    <Handle
      id={`${side}:*`}
      type={side === 'in' ? 'target' : 'source'}
      position={side === 'in' ? Position.Left : Position.Right}
      isConnectable={false}
    />
  );
}
