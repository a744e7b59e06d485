import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IDiagnostic, IFix, IInspection } from '../api/types';
import { ComponentizeModel, IPlace } from './model';

const SIGNS: { [level in IDiagnostic['level']]: string } = {
  error: '✕',
  warning: '⚠',
  info: 'i'
};

interface IFindingProps {
  finding: IDiagnostic;
  model: ComponentizeModel;
  trans: TranslationBundle;
}

/** A doubt or a mistake, and what ends it. */
export function Finding(props: IFindingProps): JSX.Element {
  const { finding } = props;
  return (
    <div className="claimed-Finding" data-level={finding.level}>
      <Words {...props} />
      {finding.fix && (
        <FixButton
          {...props}
          fix={finding.fix as IFix}
          about={finding.field ?? placeName(finding, props.trans)}
        />
      )}
    </div>
  );
}

/** What is said; a click goes to its cell. */
function Words({ finding, model, trans }: IFindingProps): JSX.Element {
  const { cell, level, message } = finding;
  const text = (
    <>
      <span className="claimed-Finding-sign" aria-label={level} role="img">
        {SIGNS[level]}
      </span>
      <span>{message}</span>
    </>
  );
  if (cell === null) {
    return <p className="claimed-Finding-words">{text}</p>;
  }
  const place = placeName(finding, trans);
  return (
    <button
      className="claimed-Finding-words"
      title={trans.__('Go to %1', place)}
      onClick={() => model.show(finding)}
    >
      {text}
      <span className="claimed-Finding-place">{place}</span>
    </button>
  );
}

/** Changes the notebook as its label says. */
export function FixButton(props: {
  fix: IFix;
  /** What it is about, for those who do not see where it stands. */
  about: string;
  model: ComponentizeModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { fix, about, model, trans } = props;
  return (
    <button
      className="claimed-Fix jp-Button jp-mod-styled"
      aria-label={about ? `${fix.label}: ${about}` : fix.label}
      title={trans.__('Changes the notebook; it can be undone')}
      onClick={() => void model.fix(fix)}
    >
      {fix.label}
    </button>
  );
}

/** A place in the notebook, in words. */
export function placeName(
  { cell, line }: IPlace,
  trans: TranslationBundle
): string {
  if (cell === null) {
    return '';
  }
  return line === null
    ? trans.__('cell %1', cell)
    : trans.__('cell %1, line %2', cell, line);
}

/** What is said about the notebook as a whole. */
export function Findings(props: {
  model: ComponentizeModel;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { model, trans } = props;
  const findings = model.general;
  if (findings.length === 0) {
    return null;
  }
  const heading = trans.__('Remarks');
  return (
    <section aria-label={heading}>
      <h3>{heading}</h3>
      {findings.map((finding, i) => (
        <Finding key={i} finding={finding} {...props} />
      ))}
    </section>
  );
}

/** What sets the notebook apart from the component that is there. */
export function Differences(props: {
  inspection: IInspection;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { trans } = props;
  const { existing, differences } = props.inspection;
  if (!existing) {
    return null;
  }
  const heading = trans.__('Changes since version %1', existing.version);
  return (
    <section className="claimed-Differences" aria-label={heading}>
      <h3>{heading}</h3>
      {differences.length === 0 ? (
        <p className="claimed-quiet">
          {trans.__('None: the component is as the notebook says.')}
        </p>
      ) : (
        <ul>
          {differences.map(({ level, words }, i) => (
            <li key={i}>
              <span className="claimed-Tag" data-change={level}>
                {level}
              </span>
              {words}
            </li>
          ))}
        </ul>
      )}
      <NextVersion {...props} />
    </section>
  );
}

/** The version that the changes demand, unless it is there already. */
function NextVersion(props: {
  inspection: IInspection;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { trans } = props;
  const { component, existing, next_version } = props.inspection;
  const known = [component.version, existing?.version];
  return known.includes(next_version) ? null : (
    <p>
      {trans.__('Next version:')} <b>{next_version}</b>
    </p>
  );
}
