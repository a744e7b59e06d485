import * as React from 'react';
import { CommandIDs } from '../tokens';
import { useStage } from './stage';

/** What can be done on the canvas, in words; each is a command with a key. */
export function DrawingBar(props: { isEmpty: boolean }): JSX.Element | null {
  const { commands, model } = useStage();
  const ids = props.isEmpty
    ? [CommandIDs.askTask, CommandIDs.addNote]
    : [
        CommandIDs.askTask,
        CommandIDs.connectTask,
        CommandIDs.addNote,
        CommandIDs.groupTasks,
        CommandIDs.tidy,
        CommandIDs.findTask
      ];
  if (model.readOnly) {
    return null;
  }
  return (
    <div className="claimed-Bar" role="toolbar">
      {ids.map(id => (
        <button
          key={id}
          data-command={id}
          title={tooltip(commands, id)}
          disabled={!commands.isEnabled(id)}
          onClick={() => void commands.execute(id)}
        >
          {commands.label(id, { short: true })}
        </button>
      ))}
    </div>
  );
}

/** What a command does, and the keys that do it too. */
function tooltip(
  commands: ReturnType<typeof useStage>['commands'],
  id: string
): string {
  const binding = commands.keyBindings.find(item => item.command === id);
  const keys = binding?.keys.join(' ').replace('Accel', 'Ctrl') ?? '';
  return [commands.caption(id), keys && `(${keys})`].filter(Boolean).join(' ');
}
