import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IProbe, IProbeStep } from '../api/engines';

const SIGNS: { [state in IProbeStep['state']]: string } = {
  ok: '✓',
  failed: '✕',
  skipped: '–'
};

/** How far one got, step by step: where it ended, why, and what to do. */
export function ProbeSteps(props: {
  probe: IProbe;
  trans: TranslationBundle;
}): JSX.Element {
  const { probe, trans } = props;
  return (
    <section className="claimed-Probe" aria-label={trans.__('Connection test')}>
      <h3>
        {probe.ok
          ? trans.__('The connection works.')
          : trans.__('The connection does not work.')}
      </h3>
      <ol>
        {probe.steps.map((step, i) => (
          <li key={i} data-state={step.state}>
            <span className="claimed-Probe-sign" aria-hidden="true">
              {SIGNS[step.state]}
            </span>
            <div>
              <strong>{step.name}</strong>{' '}
              <span className="claimed-Probe-state">
                {wordOf(step.state, trans)}
              </span>
              {step.message && <p>{step.message}</p>}
              {step.hint && <p className="claimed-Probe-hint">{step.hint}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function wordOf(state: IProbeStep['state'], trans: TranslationBundle): string {
  switch (state) {
    case 'ok':
      return trans.__('ok');
    case 'failed':
      return trans.__('failed');
    case 'skipped':
      return trans.__('not tried');
  }
}
