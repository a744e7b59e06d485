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
  trans: TranslationBundle;
}): JSX.Element | null {
  const { title, trans } = props;
  const href = safeLink(props.href);
  return href === null ? null : (
    <a
      className="claimed-EngineLink"
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      title={trans.__('Opens %1 in a new tab', href)}
    >
      {trans.__('Open in %1', title)}
      <launchIcon.react tag="span" className="claimed-Engine-icon" />
    </a>
  );
}

/** What is to be known while a run goes on, said calmly. */
export function RunNotice({ run }: { run: IRun }): JSX.Element | null {
  return run.notice ? (
    <span className="claimed-Notice" role="status" title={run.notice}>
      {run.notice}
    </span>
  ) : null;
}
