import { TranslationBundle } from '@jupyterlab/translation';
import { ExportSelector, ILineageNode, Standard } from '../../api/lineage';

/** One of several things to choose from. */
export interface IChoice<T> {
  value: T;
  label: string;
  about: string;
}

/** Something whose lineage can be told. */
export interface IExportSubject {
  /** What the file is called after. */
  name: string;
  title: string;
  /** What may be told of it, the likeliest first. */
  scopes: IChoice<ExportSelector>[];
  /** What cannot be told of it, and what to do. */
  note?: string;
}

/** What is to be exported, and how. */
export interface IExportChoice {
  of: ExportSelector;
  to: Standard;
  withFiles: boolean;
}

/** Which part of the lineage a node stands for; of an artifact there are two, as a rule. */
export function scopesOf(
  node: ILineageNode,
  trans: TranslationBundle
): IChoice<ExportSelector>[] {
  const { id, kind, run } = node;
  const whole = run !== null && wholeRun(run, trans);
  if (kind === 'artifact') {
    const origin = {
      value: { artifact: id },
      label: trans.__('All that it came from'),
      about: trans.__('Back to the first file, of whatever runs')
    };
    return whole ? [origin, whole] : [origin];
  }
  const all = {
    value: { query: id },
    label: trans.__('Whole runs'),
    about: trans.__('All runs that “%1” belongs to', node.name)
  };
  return [whole || all];
}

/** A run, with all that is in it. */
export function wholeRun(
  run: string,
  trans: TranslationBundle
): IChoice<ExportSelector> {
  return {
    value: { run },
    label: trans.__('The whole run'),
    about: trans.__('%1, with all its tasks and files', run)
  };
}

/** The standards, with what each is good for. */
export function standards(trans: TranslationBundle): IChoice<Standard>[] {
  return [
    {
      value: 'openlineage',
      label: trans.__('OpenLineage'),
      about: trans.__(
        'Events, one JSON a line: for Marquez, DataHub and other catalogs'
      )
    },
    {
      value: 'prov',
      label: trans.__('W3C PROV-JSON'),
      about: trans.__(
        'One document of entities, activities and agents: for archives'
      )
    },
    {
      value: 'ro-crate',
      label: trans.__('Workflow Run RO-Crate'),
      about: trans.__(
        'A .zip of the pipeline and its runs: for Zenodo or WorkflowHub'
      )
    }
  ];
}
