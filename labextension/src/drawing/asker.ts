import { LabIcon } from '@jupyterlab/ui-components';
import { ISignal, Signal } from '@lumino/signaling';

/** One of the things to choose from. */
export interface IChoice {
  id: string;
  title: string;
  /** What tells it from its like, in a quiet line. */
  detail?: string;
  icon?: LabIcon;
}

/** A list that the user is to choose one of. */
export interface IQuestion {
  heading: string;
  /** What is said when there is nothing to choose. */
  none: string;
  choices: IChoice[];
  /** Where on the screen; in the middle of the canvas when absent. */
  at?: { x: number; y: number };
  choose: (id: string) => void;
}

/** What the canvas asks the user, and what it says in passing. */
export class Asker {
  /** Emitted when there is another question, or another word to say. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get question(): IQuestion | null {
    return this._question;
  }
  /** A line for the user; empty when there is nothing to say. */
  get notice(): string {
    return this._notice;
  }
  /** The note, group or wire whose words are being written. */
  get writing(): string | null {
    return this._writing;
  }

  ask(question: IQuestion): void {
    this._question = question;
    this._notice = '';
    this._changed.emit();
  }
  close(): void {
    if (this._question) {
      this._question = null;
      this._changed.emit();
    }
  }
  say(notice: string): void {
    if (notice !== this._notice) {
      this._notice = notice;
      this._changed.emit();
    }
  }
  write(thing: string | null): void {
    if (thing !== this._writing) {
      this._writing = thing;
      this._changed.emit();
    }
  }

  private _question: IQuestion | null = null;
  private _notice = '';
  private _writing: string | null = null;
  private _changed = new Signal<this, void>(this);
}
