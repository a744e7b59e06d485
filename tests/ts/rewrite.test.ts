import { JSONObject, JSONValue } from '@lumino/coreutils';
import { describe, expect, it } from 'vitest';
import { PipelineModel } from '../../labextension/src/editor/docmodel';
import { rewriteText } from '../../labextension/src/editor/rewrite';

/** Numbers that look random and are the same every time (mulberry32). */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Generator {
  constructor(seed: number) {
    this._next = random(seed);
  }
  below(count: number): number {
    return Math.floor(this._next() * count);
  }
  pick<T>(items: T[]): T {
    return items[this.below(items.length)];
  }
  key(): string {
    return this.pick(['a', 'b', 'tasks', 'layout', 'name', 'ü"\n', 'x y', '']);
  }
  value(depth: number): JSONValue {
    const kind = this.below(depth > 0 ? 8 : 5);
    switch (kind) {
      case 0:
        return this.below(1000) / 8;
      case 1:
        return this.pick(['', 'text', '{"a": [1]}', 'ü\t"\\,:']);
      case 2:
        return this.pick([null, true, false]);
      case 3:
        return [this.below(9), this.below(9) - 9];
      case 4:
        return {};
      case 5:
        return Array.from({ length: this.below(4) }, () =>
          this.value(depth - 1)
        );
      default:
        return this.object(depth - 1);
    }
  }
  object(depth: number): JSONObject {
    const entries = Array.from({ length: this.below(6) }, () => [
      this.key(),
      this.value(depth)
    ]);
    return Object.fromEntries(entries);
  }
  /** The text of a value, written by somebody with a style of their own. */
  text(value: JSONValue): string {
    const space = this.pick([undefined, 1, 2, 4, '\t']);
    const text = JSON.stringify(value, null, space);
    return this.pick(['', '\n', ' ']) + text + this.pick(['', '\n', '\n\n']);
  }
  path(value: JSONValue | undefined): string[] {
    const path: string[] = [];
    while (this.below(4) > 0) {
      const keys =
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.keys(value)
          : [];
      const key =
        keys.length && this.below(5) > 0 ? this.pick(keys) : this.key();
      path.push(key);
      value = keys.includes(key) ? (value as JSONObject)[key] : undefined;
    }
    return path.length ? path : [this.key()];
  }

  private readonly _next: () => number;
}

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

/** Whether lines are among others, in their order. */
function isSubsequence(lines: string[], of: string[]): boolean {
  let at = 0;
  for (const line of of) {
    if (at < lines.length && lines[at] === line) {
      at++;
    }
  }
  return at === lines.length;
}

describe('A rewritten text', () => {
  it('says what it is asked to say, whatever it said and however', () => {
    for (const seed of SEEDS) {
      const make = new Generator(seed);
      const source = make.text(make.object(4));
      const content = make.object(4);
      expect(JSON.parse(rewriteText(source, content))).toEqual(content);
    }
  });

  it('is the same to the byte when it says the same', () => {
    for (const seed of SEEDS) {
      const make = new Generator(seed);
      const content = make.object(4);
      const source = make.text(content);
      expect(rewriteText(source, content)).toBe(source);
    }
  });

  it('has every line that one new key does not touch', () => {
    for (const seed of SEEDS) {
      const make = new Generator(seed);
      const content = { ...make.object(4), z: 1 };
      const source = JSON.stringify(content, null, 2);
      const text = rewriteText(source, { ...content, added: make.value(2) });
      // Only a line that gets a comma behind it may differ.
      const plain = (lines: string) =>
        lines.split('\n').map(line => line.replace(/,$/, ''));
      expect(isSubsequence(plain(source), plain(text))).toBe(true);
    }
  });
});

describe('Random edits', () => {
  it('are what the text says, and can all be taken back and done again', () => {
    for (const seed of SEEDS) {
      const make = new Generator(seed);
      const source = make.text(make.object(3));
      const document = new PipelineModel();
      document.fromString(source);
      const steps = [document.content];
      for (let step = 0; step < 12; step++) {
        const value = make.below(3) === 0 ? undefined : make.value(3);
        document.set(make.path(document.content), value);
        if (JSON.stringify(document.content) !== JSON.stringify(steps[0])) {
          expect(document.dirty).toBe(true);
        }
        expect(JSON.parse(document.toString())).toEqual(document.content);
        steps.push(document.content);
      }
      while (document.canUndo) {
        document.undo();
      }
      expect(document.toString()).toBe(source);
      while (document.canRedo) {
        document.redo();
      }
      expect(document.content).toEqual(steps[steps.length - 1]);
    }
  });
});
