import { GraphModel } from './graph/model';
import { RUN } from './names';
import { ISubject, PartModel } from './part';
import { IPlace } from './place';
import { ResultsModel } from './results';

/** How many of what was found the graph begins at. */
export const BEGINNINGS = 20;

/** From how many nodes on repeats are drawn as one, unless one chose. */
const MANY = 60;

/** Draws what a place is about; what is drawn already stays as it is. */
export class DrawnPlace {
  constructor(
    private readonly _part: PartModel,
    private readonly _results: ResultsModel
  ) {}

  /** Whether the graph changes because a place is drawn, not by the user's hand. */
  get isDrawing(): boolean {
    return this._drawing > 0;
  }

  /** Draws a place. Rejects when the ways between two nodes are not known. */
  async show(place: IPlace): Promise<void> {
    const subject = this._subjectOf(place);
    if (!subject) {
      return;
    }
    const key = JSON.stringify(subject);
    const isOther = key !== this._subject;
    if (isOther) {
      this._subject = key;
      this._ways = '';
      this._shown = this._draw(() => this._part.show(subject));
    }
    await this._shown; // the place before may have begun it
    if (key !== this._subject) {
      return; // another one was wanted meanwhile
    }
    this._graph.setGrouping(place.grouping ?? this._suitable());
    this._mark(place.selected, !isOther);
    await this._showWays(place);
    this._mark(place.selected, false); // what came with the ways
  }

  /** Draws anew what is asked for next. */
  forget(): void {
    this._subject = '';
  }

  /** What the graph begins at; null while that is not known. */
  private _subjectOf({ focus, query, path }: IPlace): ISubject | null {
    if (focus !== null) {
      const steps = focus.startsWith(RUN) ? 0 : 2;
      return { start: [focus], up: steps, down: steps };
    }
    const { nodes, search, status } = this._results;
    const isFound = search?.query === query && search?.path === path;
    if (status !== 'ready' || !isFound) {
      return null;
    }
    if (nodes.length === 0) {
      this.forget();
      this._part.clear();
      return null;
    }
    const newest = nodes.find(({ run }) => run !== null);
    if (query === '' && path === null && newest) {
      return { start: [`${RUN}${newest.run}`], up: 0, down: 0 };
    }
    const start = nodes.slice(0, BEGINNINGS).map(({ id }) => id);
    return { start, up: 1, down: 1 };
  }

  private _suitable() {
    return this._graph.counts().nodes > MANY ? 'repeats' : 'none';
  }

  /** Selects in the graph what the place says. */
  private _mark(selected: string | null, reveal: boolean): void {
    const graph = this._graph;
    const isGroup = !!graph.selected?.startsWith('group/');
    const isHere = selected === null ? !isGroup : !!graph.node(selected);
    if (isHere && selected !== graph.selected) {
      this._drawing++;
      graph.select(selected, { reveal: reveal && selected !== null });
      this._drawing--;
    }
  }

  private async _draw(action: () => Promise<void>): Promise<void> {
    this._drawing++;
    try {
      await action();
    } finally {
      this._drawing--;
    }
  }

  private async _showWays({ from, to }: IPlace): Promise<void> {
    const key = from && to ? `${from}\n${to}` : '';
    if (key !== this._ways) {
      this._ways = key;
      this._waysShown =
        from && to
          ? this._part.showWays(from, to)
          : Promise.resolve(this._part.hideWays());
    }
    await this._waysShown;
  }

  private get _graph(): GraphModel {
    return this._part.graph;
  }

  /** What is drawn, and which ways stand out; empty for nothing. */
  private _subject = '';
  private _ways = '';
  private _shown = Promise.resolve();
  private _waysShown = Promise.resolve();
  /** How much is being drawn by a place. */
  private _drawing = 0;
}
