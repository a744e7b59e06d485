import { LabIcon } from '@jupyterlab/ui-components';
import catalogsSvg from '../style/icons/catalogs.svg';
import claimedSvg from '../style/icons/claimed.svg';
import clusterSvg from '../style/icons/cluster.svg';
import containerSvg from '../style/icons/container.svg';
import dataSvg from '../style/icons/data.svg';
import evaluateSvg from '../style/icons/evaluate.svg';
import explainSvg from '../style/icons/explain.svg';
import fairnessSvg from '../style/icons/fairness.svg';
import compareSvg from '../style/icons/compare.svg';
import componentSvg from '../style/icons/component.svg';
import fitSvg from '../style/icons/fit.svg';
import lineageSvg from '../style/icons/lineage.svg';
import machineSvg from '../style/icons/machine.svg';
import pipelineSvg from '../style/icons/pipeline.svg';
import robustnessSvg from '../style/icons/robustness.svg';
import trainSvg from '../style/icons/train.svg';
import transformSvg from '../style/icons/transform.svg';

function icon(name: string, svgstr: string): LabIcon {
  return new LabIcon({ name: `claimed-jlab:${name}`, svgstr });
}

export const claimedIcon = icon('claimed', claimedSvg);
export const pipelineIcon = icon('pipeline', pipelineSvg);
export const lineageIcon = icon('lineage', lineageSvg);
export const fitIcon = icon('fit', fitSvg);
export const compareIcon = icon('compare', compareSvg);
export const catalogsIcon = icon('catalogs', catalogsSvg);
const machineIcon = icon('machine', machineSvg);
export const clusterIcon = icon('cluster', clusterSvg);
/** A component that is no notebook. */
export const containerIcon = icon('container', containerSvg);
const componentIcon = icon('component', componentSvg);
const dataIcon = icon('data', dataSvg);
const evaluateIcon = icon('evaluate', evaluateSvg);
/** The icon of a file that a task made. */
export const artifactIcon = evaluateIcon;
const explainIcon = icon('explain', explainSvg);
const fairnessIcon = icon('fairness', fairnessSvg);
const robustnessIcon = icon('robustness', robustnessSvg);
const trainIcon = icon('train', trainSvg);
const transformIcon = icon('transform', transformSvg);

/** The icon of an engine: this machine, or others. */
export function engineIcon(engine: string): LabIcon {
  return engine === 'local' ? machineIcon : clusterIcon;
}

/** What a component is about, said by its name or its category. */
const SUBJECTS: [RegExp, LabIcon][] = [
  [/fair|bias/, fairnessIcon],
  [/expla|interpret/, explainIcon],
  [/robust|attack|adversar|secur|privac/, robustnessIcon]
];

/** What a component does, said by its category. */
const CATEGORIES: [RegExp, LabIcon][] = [
  [/train|model|learn/, trainIcon],
  [/metric|eval|predict|monitor|visual|report/, evaluateIcon],
  [/transform|prepar|process|filter|clean/, transformIcon],
  [/input|output|data|load|read|source|sink|dicom|image/, dataIcon]
];

/** The icon of a component: by its subject, else by its category. */
export function iconOf(category: string, name: string): LabIcon {
  const fits = (text: string) => (entry: [RegExp, LabIcon]) =>
    entry[0].test(text.toLowerCase());
  const entry =
    SUBJECTS.find(fits(`${category} ${name}`)) ??
    CATEGORIES.find(fits(category));
  return entry?.[1] ?? componentIcon;
}
