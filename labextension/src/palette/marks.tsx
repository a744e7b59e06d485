import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IComponent } from '../api/types';

interface IMark {
  label: string;
  meaning: string;
}

/** What sets a component apart: a word each, explained on hover. */
function marksOf(component: IComponent, trans: TranslationBundle): IMark[] {
  const marks: IMark[] = [];
  if (component.container) {
    marks.push({
      label: trans.__('container'),
      meaning: trans.__('A container, not a notebook: it runs on Kubeflow only')
    });
  } else if (component.outside && !component.trusted) {
    marks.push({
      label: trans.__('not trusted yet'),
      meaning: trans.__(
        'Somebody else’s code, from outside (%1). It asks before it first runs.',
        component.origin
      )
    });
  }
  return marks;
}

/** The marks as a screen reader says them after the title. */
export function markLabels(
  component: IComponent,
  trans: TranslationBundle
): string[] {
  return marksOf(component, trans).map(({ label }) => label);
}

export function Marks(props: {
  component: IComponent;
  trans: TranslationBundle;
}): JSX.Element | null {
  const marks = marksOf(props.component, props.trans);
  return marks.length > 0 ? (
    <span className="claimed-Tree-marks">
      {marks.map(({ label, meaning }) => (
        <span key={label} className="claimed-Chip" title={meaning}>
          {label}
        </span>
      ))}
    </span>
  ) : null;
}
