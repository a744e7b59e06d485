import { IDocumentManager } from '@jupyterlab/docmanager';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Direction, Edge } from '../drawing/boxes';
import type { IQuestions } from '../drawing/questions';
import { CommandIDs } from '../tokens';
import { tasksIn, thingId, thingsIn } from './selection';

type Args = ReadonlyPartialJSONObject;

/** A command of the canvas; what it needs is loaded when it is first used. */
export interface IDrawingCommand {
  label: string | ((args: Args) => string);
  /** The label where there is little room. */
  short?: string;
  caption?: string;
  /** Whether something must be selected. */
  needsSelection?: boolean;
  execute: (questions: IQuestions, args: Args) => unknown;
}

interface ICommands {
  [id: string]: IDrawingCommand;
}

const questions = () => import('../drawing/questions');

/** What is placed. */
export function placing(trans: TranslationBundle): ICommands {
  return {
    [CommandIDs.addTask]: {
      label: trans.__('Add Task to Pipeline'),
      execute: async ({ drawing, components }, args) => {
        const all = await components();
        const found = all.find(item => item.reference === args.reference);
        if (found) {
          drawing.addComponent(found);
        }
      }
    },
    [CommandIDs.duplicate]: {
      label: trans.__('Duplicate'),
      needsSelection: true,
      execute: ({ drawing }) => drawing.duplicate()
    },
    [CommandIDs.deleteSelection]: {
      label: trans.__('Delete'),
      needsSelection: true,
      execute: ({ drawing }) => drawing.removeSelection()
    }
  };
}

/** What is chosen from a list. */
export function asking(trans: TranslationBundle): ICommands {
  return {
    [CommandIDs.askTask]: {
      label: trans.__('Add Task…'),
      short: trans.__('Add task'),
      caption: trans.__('List the components and place one'),
      execute: async asked => (await questions()).askComponent(asked)
    },
    [CommandIDs.connectTask]: {
      label: trans.__('Connect Selected Task…'),
      short: trans.__('Connect'),
      caption: trans.__('Wire a port of the selected task'),
      needsSelection: true,
      execute: async asked => (await questions()).askConnection(asked)
    },
    [CommandIDs.findTask]: {
      label: trans.__('Find Task…'),
      short: trans.__('Find'),
      caption: trans.__('Find a task and go there'),
      execute: async asked => (await questions()).askTask(asked)
    }
  };
}

/** Files as tasks. */
export function addFile(
  trans: TranslationBundle,
  docManager: IDocumentManager | null
): IDrawingCommand {
  return {
    label: trans.__('Add Notebook, Script or Pipeline as Task…'),
    execute: async (asked, { path }) => {
      const { askFiles } = await import('../drawing/files');
      const { takeFiles } = await import('../drawing/dropped');
      const paths = path ? [String(path)] : await askFiles(docManager, trans);
      takeFiles(asked, paths, null);
    }
  };
}

/** Where things are. */
export function arranging(trans: TranslationBundle): ICommands {
  return {
    [CommandIDs.tidy]: {
      label: trans.__('Tidy Up Tasks'),
      short: trans.__('Tidy'),
      caption: trans.__('Lay out the selected tasks, or all'),
      execute: ({ drawing }) => drawing.tidy()
    },
    [CommandIDs.align]: {
      label: ({ edge, axis }) => alignLabel(String(edge ?? axis ?? ''), trans),
      needsSelection: true,
      execute: ({ drawing }, { edge, axis }) =>
        axis
          ? drawing.distribute(axis as 'x' | 'y')
          : drawing.align((edge ?? 'left') as Edge)
    }
  };
}

function alignLabel(way: string, trans: TranslationBundle): string {
  const labels: { [way: string]: string } = {
    left: trans.__('Left Edges'),
    center: trans.__('Centers'),
    right: trans.__('Right Edges'),
    top: trans.__('Top Edges'),
    middle: trans.__('Middles'),
    bottom: trans.__('Bottom Edges'),
    x: trans.__('Same Space Across'),
    y: trans.__('Same Space Down')
  };
  return labels[way] ?? trans.__('Align Tasks');
}

/** What is selected. */
export function selecting(trans: TranslationBundle): ICommands {
  return {
    [CommandIDs.stepTo]: {
      label: trans.__('Select Next Task'),
      execute: ({ drawing }, { direction }) =>
        drawing.step((direction ?? 'right') as Direction)
    },
    [CommandIDs.selectAll]: {
      label: trans.__('Select All Tasks'),
      execute: ({ drawing }) =>
        drawing.editor.selectAll(drawing.cards.map(({ task }) => task.name))
    }
  };
}

export function addNote(trans: TranslationBundle): IDrawingCommand {
  return {
    label: trans.__('Add Note'),
    short: trans.__('Note'),
    caption: trans.__('Write a comment on the canvas'),
    execute: async ({ drawing }) => {
      const things = await import('../drawing/things');
      const note = things.addNote(drawing.document, drawing.placeForNote());
      const id = thingId('note', note);
      drawing.editor.selectAll([id]);
      drawing.asker.write(id);
      drawing.view?.settle();
    }
  };
}

export function groupTasks(trans: TranslationBundle): IDrawingCommand {
  return {
    label: trans.__('Group Tasks'),
    short: trans.__('Group'),
    caption: trans.__('Make the selected tasks a group, or undo a group'),
    needsSelection: true,
    execute: async ({ drawing }) => {
      const { addGroup } = await import('../drawing/things');
      const tasks = tasksIn(drawing.selection);
      if (tasks.length === 0) {
        if (thingsIn(drawing.selection, 'group').length > 0) {
          drawing.removeSelection(); // the frame alone: its tasks stay
        }
        return;
      }
      let group = '';
      drawing.edit(() => {
        group = addGroup(drawing.document, tasks, trans.__('Group'));
      });
      const id = thingId('group', group);
      drawing.editor.selectAll([id]);
      drawing.asker.write(id);
    }
  };
}
