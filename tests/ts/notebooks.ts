import { Signal } from '@lumino/signaling';
import { Diagnostic } from '../../labextension/src/api/schema';
import { IFix, IInspection } from '../../labextension/src/api/types';
import { IAppliedFix } from '../../labextension/src/componentize/fixes';
import { INotebookSource } from '../../labextension/src/componentize/source';
import { component } from './fakes';

/** A notebook whose text is any text, and that remembers what was done. */
export class FakeNotebook implements INotebookSource {
  readonly path = 'work/count.ipynb';
  text = 'first';
  get written(): string {
    return this.text;
  }
  readonly ready = Promise.resolve();
  readonly changed = new Signal<this, void>(this);
  log: string[] = [];

  async save(): Promise<void> {
    this.log.push('saved');
  }
  show(cell: number, line: number | null): void {
    this.log.push(`cell ${cell}, line ${line}`);
  }
  activate(): void {
    this.log.push('activated');
  }
  /** A fix writes its label into the text. */
  apply({ label }: IFix): IAppliedFix {
    const [before, after] = [this.text, `${this.text}, ${label}`];
    this.edit(after);
    const isAfter = () => this.text === after;
    return {
      label,
      get canUndo(): boolean {
        return isAfter();
      },
      undo: () => this.edit(before)
    };
  }
  edit(text: string): void {
    this.text = text;
    this.changed.emit();
  }
}

export function finding(of: Partial<Diagnostic>): Diagnostic {
  const level = 'warning' as const;
  const nowhere = { where: null, task: null, field: null };
  const at = { cell: null, line: null, fix: null };
  return { level, code: 'x', message: 'Hm.', ...nowhere, ...at, ...of };
}

export function inspection(of: Partial<IInspection> = {}): IInspection {
  return {
    component: component({ name: 'count' }),
    existing: null,
    differences: [],
    next_version: '1.0.0',
    ...of
  };
}

export const INPUT = {
  name: 'limit',
  type: 'int',
  description: '',
  inferred: true,
  cell: 2,
  line: 4,
  fix: null,
  default: 3,
  optional: true,
  convention: 'parameters' as const,
  prefix: false,
  kind: 'parameter' as const,
  alias: 'limit',
  choices: null
};
