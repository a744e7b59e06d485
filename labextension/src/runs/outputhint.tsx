import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IArtifact, IOutputView } from '../api/types';
import { fileSize } from './format';

/** How long the pointer rests before the hint is shown, in ms. */
const REST = 350;

/** How much of an output a hint shows. */
const LINES = 8;
const WIDTH = 160;

interface IHintProps {
  artifact: IArtifact;
  /** Reads the output; called when the hint is first wanted. */
  load: () => Promise<IOutputView>;
  trans: TranslationBundle;
  children: React.ReactNode;
}

/**
 * What an output is, in a few lines or a small picture, while the pointer or
 * the focus rests on what it is wrapped around.
 */
export function OutputHint(props: IHintProps): JSX.Element {
  const { artifact, load, trans, children } = props;
  const box = React.useRef<HTMLElement | null>(null);
  const timer = React.useRef<number>();
  const hide = () => {
    window.clearTimeout(timer.current);
    box.current?.remove();
    box.current = null;
  };
  React.useEffect(() => hide, []);
  const show = (anchor: Element) => {
    hide();
    timer.current = window.setTimeout(() => {
      const made = makeBox(artifact, trans);
      box.current = made;
      place(made, anchor);
      load().then(
        output => {
          fill(made, output);
          place(made, anchor);
        },
        () => undefined // what is known of it stays
      );
    }, REST);
  };
  return (
    <span
      className="claimed-OutputHint-anchor"
      onMouseEnter={event => show(event.currentTarget)}
      onMouseLeave={hide}
      onFocus={event => show(event.currentTarget)}
      onBlur={hide}
      onClick={hide}
    >
      {children}
    </span>
  );
}

/** A box on the page itself: a canvas that is zoomed must not scale it. */
function makeBox(artifact: IArtifact, trans: TranslationBundle): HTMLElement {
  const box = document.createElement('div');
  box.className = 'claimed-OutputHint';
  box.setAttribute('role', 'tooltip');
  const head = document.createElement('strong');
  head.textContent = artifact.name;
  const facts = document.createElement('div');
  facts.className = 'claimed-quiet';
  facts.textContent = [
    artifact.type,
    typeof artifact.size === 'number' ? fileSize(artifact.size) : '',
    trans.__('click to open')
  ]
    .filter(Boolean)
    .join(' · ');
  box.append(head, facts);
  document.body.append(box);
  return box;
}

function fill(box: HTMLElement, { mimebundle }: IOutputView): void {
  const image = Object.keys(mimebundle).find(type =>
    /^image\/(png|jpeg|gif)$/.test(type)
  );
  if (image) {
    const picture = document.createElement('img');
    picture.src = `data:${image};base64,${String(mimebundle[image])}`;
    picture.alt = '';
    box.append(picture);
    return;
  }
  const text = firstLines(String(mimebundle['text/plain'] ?? ''));
  if (text) {
    const lines = document.createElement('pre');
    lines.textContent = text;
    box.append(lines);
  }
}

/** The beginning of a text, as much as a hint has room for. */
export function firstLines(text: string): string {
  const lines = text.trim().split('\n');
  const shown = lines
    .slice(0, LINES)
    .map(line => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line));
  return [...shown, ...(lines.length > LINES ? ['…'] : [])].join('\n');
}

/** Below what it is about, or above where there is no room. */
function place(box: HTMLElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(at.left, window.innerWidth - width - 8);
  const below = at.bottom + 6;
  const fits = below + height < window.innerHeight;
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${fits ? below : Math.max(8, at.top - height - 6)}px`;
}
