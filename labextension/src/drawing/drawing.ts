import { IComponent, ITask, Source } from '../api/types';
import { PipelineModel } from '../editor/docmodel';
import { Position } from '../editor/document';
import { CARD_WIDTH, ICard } from '../editor/graph';
import { EditorModel } from '../editor/model';
import { layoutParts } from '../editor/pack';
import { Selection, tasksIn, thingId, thingsIn } from '../editor/selection';
import { objectAt } from '../editor/taskedits';
import {
  Direction,
  Edge,
  STEP,
  aligned,
  bounds,
  distributed,
  freePlace,
  neighbour,
  rectOf
} from './boxes';
import {
  copyTasks,
  freeCorner,
  pastePart,
  readPart,
  relativePath
} from './clipboard';
import { Asker } from './asker';
import { NOTE_SIZE, noteRect, notesOf } from './things';
import { IEnd, IWire, onlyWay } from './wiring';

/** As much of the canvas as edits ask for. */
export interface IView {
  /** The middle of what is seen. */
  center: () => Position;
  /** Brings cards into view. */
  show: (tasks: string[]) => void;
  /** Shows all again, unless the user looks at a part. */
  settle: () => void;
}

/** Where a new task goes, and what it is wired to. */
export interface IPlacing {
  /** The top left corner; else beside the selected task, else in the middle. */
  at?: Position;
  /** The task that it follows; by default the one that is selected. */
  after?: string;
  inputs?: { [input: string]: Source };
}

/** All that can be done to the document on the canvas, without the canvas. */
export class Drawing {
  /** The one of an editor. */
  static of(editor: EditorModel): Drawing {
    let drawing = Drawing._all.get(editor);
    if (!drawing) {
      drawing = new Drawing(editor);
      Drawing._all.set(editor, drawing);
    }
    return drawing;
  }

  private constructor(readonly editor: EditorModel) {
    this.document = editor.document;
  }

  readonly document: PipelineModel;
  readonly asker = new Asker();
  view: IView | null = null;

  get cards(): ICard[] {
    return this.editor.graph?.cards ?? [];
  }
  get selection(): Selection {
    return this.editor.selection;
  }
  get selectedCards(): ICard[] {
    return this.cards.filter(card => this.selection.has(card.task.name));
  }

  /** Makes several edits one step to undo, and leaves every card where it is. */
  edit(change: () => void): void {
    this.document.transact(() => {
      this._pin();
      change();
    });
  }

  /**
   * Places a component of the catalogs, wired to the task it follows where
   * types match exactly one way. Returns the new task.
   */
  addComponent(component: IComponent, placing: IPlacing = {}): string {
    const { reference, title } = component;
    const before = this._task(placing.after ?? this.editor.selected?.name);
    const inputs = { ...placing.inputs };
    const free = component.inputs.filter(
      ({ name, kind }) => kind === 'artifact' && !(name in inputs)
    );
    const files = before?.outputs.filter(({ kind }) => kind === 'artifact');
    const { description } = this.editor;
    for (const [output, input] of description
      ? onlyWay(description, files ?? [], free)
      : []) {
      inputs[input] = { output: `${before!.name}.${output}` };
    }
    return this._add(reference, title, { ...placing, inputs });
  }

  /** Places a component left of a task, whose input it feeds. */
  addBefore(
    component: IComponent,
    output: string,
    end: IEnd,
    at?: Position
  ): void {
    const card = this.cards.find(({ task }) => task.name === end.task);
    const [x, y] = card?.position ?? [0, 0];
    const place = freePlace(
      at ? [at[0] - CARD_WIDTH, at[1]] : [x - CARD_WIDTH - STEP, y],
      this.cards.map(rectOf)
    );
    this.edit(() => {
      const { reference, title } = component;
      const name = this.document.addTask(reference, { title, position: place });
      this.document.setInput(end.task, end.port, {
        output: `${name}.${output}`
      });
      this.editor.select(name);
    });
  }

  /** Places a notebook, a script or a pipeline of the file browser. */
  addFile(path: string, placing: IPlacing = {}): string {
    const reference = relativePath(path, this.editor.path);
    return this._add(reference, '', placing);
  }

  /** A place for a note: above the selected task, else below all there is. */
  placeForNote(): Position {
    const [card] = this.selectedCards;
    const taken = [
      ...this.cards.map(rectOf),
      ...notesOf(this.document.sharedModel.content).map(noteRect)
    ];
    const all = bounds(taken);
    if (card) {
      const [x, y] = card.position;
      return [x, y - NOTE_SIZE[1] - 20];
    }
    return all ? [all.x, all.y + all.height + 30] : [0, 0];
  }

  connect(wire: IWire): void {
    this.edit(() =>
      this.document.setInput(wire.target, wire.input, {
        output: `${wire.source}.${wire.output}`
      })
    );
  }

  /** Leads an end of a wire elsewhere; its name and its way go with it. */
  reconnect(old: string, wire: IWire): void {
    const to = `${wire.target}.${wire.input}`;
    this.edit(() => {
      if (to !== old) {
        const look = this.document.get(['canvas', 'wires', old]);
        const [task, ...input] = old.split('.');
        this.document.setInput(task, input.join('.'), null);
        this.document.set(['canvas', 'wires', old], undefined);
        this.document.set(['canvas', 'wires', to], look);
      }
      this.connect(wire);
    });
    this.editor.selectAll([thingId('wire', to)]);
  }

  /** Deletes what is selected: tasks, wires, notes; groups fall apart. */
  removeSelection(): void {
    const { selection } = this;
    this.edit(() => {
      for (const wire of thingsIn(selection, 'wire')) {
        const [task, ...input] = wire.split('.');
        this.document.setInput(task, input.join('.'), null);
        this.document.set(['canvas', 'wires', wire], undefined);
      }
      for (const note of thingsIn(selection, 'note')) {
        this.document.set(['canvas', 'notes', note], undefined);
      }
      for (const group of thingsIn(selection, 'group')) {
        this.document.set(['canvas', 'groups', group], undefined);
      }
      this.document.removeTasks(tasksIn(selection));
      this._tidyUp();
    });
    this.editor.select(null);
  }

  /** The selected tasks as text; empty when there are none. */
  copy(): string {
    const cards = this.selectedCards;
    const { path } = this.editor;
    return cards.length ? copyTasks(this.document, cards, path) : '';
  }

  /** Puts copied tasks into the document; false when the text is another. */
  paste(text: string, at: Position | null = null): boolean {
    const part = readPart(text);
    if (part) {
      this.edit(() => {
        const { path } = this.editor;
        const place = freeCorner(part, at, this.cards.map(rectOf));
        this.editor.selectAll(pastePart(this.document, part, path, place));
      });
    }
    this.view?.settle();
    return part !== null;
  }

  duplicate(): void {
    this.paste(this.copy());
  }

  align(edge: Edge): void {
    this.document.place(aligned(this.selectedCards, edge));
  }

  distribute(axis: 'x' | 'y'): void {
    this.document.place(distributed(this.selectedCards, axis));
  }

  /** Lays out the selected tasks anew, or all when fewer than two are. */
  tidy(): void {
    const chosen = this.selectedCards;
    const cards = chosen.length > 1 ? chosen : this.cards;
    const places = layoutParts(
      cards.map(({ task, width, height }) => ({
        id: task.name,
        width,
        height
      })),
      this.editor.graph?.edges ?? []
    );
    const corner = bounds(cards.map(rectOf));
    const [x, y] = corner ? [corner.x, corner.y] : [0, 0];
    places.forEach((place, name) =>
      places.set(name, [place[0] + x, place[1] + y])
    );
    this.document.place(places);
  }

  /** Selects the task next to the selected one; the first when none is. */
  step(direction: Direction): void {
    const from = this.selectedCards[0];
    const to = from
      ? neighbour(this.cards, from, direction)
      : (this.cards[0] ?? null);
    if (to) {
      this.find(to.task.name);
    }
  }

  /** Selects a task and brings it into view. */
  find(task: string): void {
    this.editor.select(task);
    this.view?.show([task]);
  }

  private _add(reference: string, title: string, placing: IPlacing): string {
    const { inputs } = placing;
    const after = placing.after ?? this.editor.selected?.name;
    const position = placing.at ?? this._placeAfter(after);
    let name = '';
    this.edit(() => {
      name = this.document.addTask(reference, { title, position, inputs });
    });
    this.editor.select(name);
    if (!placing.at) {
      this.view?.settle();
    }
    return name;
  }

  /** Right of a task, or in the middle of what is seen. */
  private _placeAfter(task?: string): Position {
    const taken = this.cards.map(rectOf);
    const card = this.cards.find(other => other.task.name === task);
    if (card) {
      const [x, y] = card.position;
      return freePlace([x + card.width + STEP, y], taken);
    }
    const all = bounds(taken);
    return all ? freePlace([all.x + all.width + STEP, all.y], taken) : [0, 0];
  }

  private _task(name?: string): ITask | undefined {
    return this.editor.description?.tasks.find(task => task.name === name);
  }

  /** Writes down where cards are that were laid out, so that they stay. */
  private _pin(): void {
    const { layout } = this.document;
    const loose = this.cards.filter(({ task }) => !layout.has(task.name));
    this.document.place(
      new Map(loose.map(({ task, position }) => [task.name, position]))
    );
  }

  /** Takes away what is left empty of the part for drawing. */
  private _tidyUp(): void {
    const parts = objectAt(this.document.content, 'canvas');
    for (const part of Object.keys(parts)) {
      if (JSON.stringify(parts[part]) === '{}') {
        this.document.set(['canvas', part], undefined);
      }
    }
    if (JSON.stringify(this.document.get(['canvas'])) === '{}') {
      this.document.set(['canvas'], undefined);
    }
  }

  private static readonly _all = new WeakMap<EditorModel, Drawing>();
}
