import { TranslationBundle } from '@jupyterlab/translation';
import { launchIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { IRun } from '../api/types';
import { engineIcon } from '../icons';
import { safeLink } from './link';

/** What a run is on, by an icon and in words. */
export function EngineBadge({ run }: { run: IRun }): JSX.Element {
  const { engine } = run;
  const icon = engineIcon(engine);
  return (
    <span className="claimed-Engine" data-engine={engine}>
      <icon.react tag="span" className="claimed-Engine-icon" />
      {engineTitle(run)}
    </span>
  );
}

/** The engine of a run in words. */
export function engineTitle({ engine, engine_title }: IRun): string {
  return engine_title || engine;
}

/** The way to the engine's own page, in a tab of its own. */
export function EngineLink(props: {
  href: string | null;
  title: string;
  /** Whether there is room for a sign alone. */
  isShort?: boolean;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { title, isShort, trans } = props;
  const href = safeLink(props.href);
  const words = trans.__('Open in %1', title);
  return href === null ? null : (
    <a
      className="claimed-EngineLink"
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      title={trans.__('%1: opens %2 in a new tab', words, href)}
      aria-label={words}
    >
      {!isShort && words}
      <launchIcon.react tag="span" className="claimed-Engine-icon" />
    </a>
  );
}

/** What is to be known while a run goes on, said calmly: all of it, or that there is something. */
export function RunNotice(props: {
  run: IRun;
  isShort?: boolean;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { run, isShort, trans } = props;
  return run.notice ? (
    <span className="claimed-Notice" role="status" title={run.notice}>
      {isShort ? trans.__('news is late') : run.notice}
    </span>
  ) : null;
}
