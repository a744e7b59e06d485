import { Page, expect } from '@playwright/test';
import { lab } from './lab';

/** A node of the lineage as the server tells it, as much as the graph looks at. */
interface INode {
  id: string;
  kind: string;
  name: string;
  up: number;
  down: number;
  [field: string]: unknown;
}

/** A part of the lineage as the server tells it. */
export interface IPart {
  nodes: INode[];
  edges: { source: string; target: string; name: string }[];
  start: string[];
}

interface IStep {
  task: string;
  component: string;
  reads: string[];
  makes: { [output: string]: [type: string, file: string] };
}

/** A pipeline that judges credit risks, as one runs it often. */
const STEPS: IStep[] = [
  {
    task: 'load',
    component: 'input/load-table@1.0.0',
    reads: [],
    makes: { table: ['Dataset', 'german_credit.csv'] }
  },
  {
    task: 'split',
    component: 'transform/split-table@1.2.0',
    reads: ['table'],
    makes: {
      train: ['Dataset', 'train.parquet'],
      test: ['Dataset', 'test.parquet']
    }
  },
  {
    task: 'train',
    component: 'train/sklearn-classifier@1.0.0',
    reads: ['train'],
    makes: {
      model: ['Model', 'random-forest-classifier-of-credit-risk.joblib']
    }
  },
  {
    task: 'evaluate',
    component: 'metric/classification-metrics@1.0.0',
    reads: ['test', 'model'],
    makes: {
      metrics: ['ClassificationMetrics', 'metrics'],
      report: ['HTML', 'report.html']
    }
  },
  {
    task: 'fairness',
    component: 'fairness/aif360-bias@2.0.1',
    reads: ['test', 'model'],
    makes: { bias: ['Metrics', 'bias metrics'] }
  },
  {
    task: 'explain',
    component: 'explain/shap-explanations@1.0.0',
    reads: ['test', 'model'],
    makes: { explanations: ['HTML', 'explanations.html'] }
  }
];

/** Runs of the pipeline that all read one table, up to so many nodes. */
export function creditRuns(count: number): IPart {
  const part: IPart = { nodes: [], edges: [], start: ['artifact/1'] };
  const source = addNode(part, 'artifact', { name: 'german_credit.csv' });
  for (let run = 1; part.nodes.length < count; run++) {
    const made: { [output: string]: INode } = { source };
    for (const step of STEPS) {
      if (part.nodes.length < count) {
        addStep(part, step, run, made);
      }
    }
  }
  return part;
}

function addStep(
  part: IPart,
  { task, component, reads, makes }: IStep,
  run: number,
  made: { [output: string]: INode }
): void {
  const of = { run: `run-${run}`, pipeline: 'German credit', task };
  const isFailed = task === 'fairness' && run % 9 === 4;
  const state = isFailed ? 'FAILED' : run % 6 === 2 ? 'CACHED' : 'COMPLETE';
  const about = { ...of, name: task, component, state };
  const execution = addNode(part, 'execution', about);
  for (const input of reads.length ? reads : ['source']) {
    addEdge(part, made[input], execution, input);
  }
  for (const [output, [type, name]] of Object.entries(makes)) {
    if (!isFailed) {
      const more = { ...of, name, type: `system.${type}` };
      made[output] = addNode(part, 'artifact', more);
      addEdge(part, execution, made[output], output);
    }
  }
}

function addNode(part: IPart, kind: string, about: object): INode {
  const number = part.nodes.length + 1;
  const isArtifact = kind === 'artifact';
  const node = {
    id: `${kind}/${number}`,
    kind,
    type: isArtifact ? 'system.Dataset' : 'system.ContainerExecution',
    name: '',
    uri: isArtifact ? `file:///objects/${number}` : null,
    state: isArtifact ? 'LIVE' : 'COMPLETE',
    created: 1_763_800_000_000 + 60_000 * number,
    run: null,
    pipeline: null,
    task: null,
    component: null,
    user: 'ada',
    digest: null,
    up: 0,
    down: 0,
    tags: [],
    ...about
  };
  part.nodes.push(node);
  return node;
}

function addEdge(part: IPart, source: INode, target: INode, name: string) {
  part.edges.push({ source: source.id, target: target.id, name });
  source.down++;
  target.up++;
}

/** Lets the server answer with a part that is made up. */
async function answerWith(page: Page, part: IPart): Promise<void> {
  const answer = { ...part, truncated: false, missing: 0 };
  await page.route(/\/claimed\/lineage\/graph\?/, route =>
    route.fulfill({ json: answer })
  );
  const error = { code: 'unknown', message: 'not here', where: null };
  await page.route(/\/claimed\/lineage\/nodes\//, route =>
    route.fulfill({ status: 404, json: { error } })
  );
}

/** The explorer with such a part, opened by a link. */
export async function openPart(
  page: Page,
  part: IPart,
  grouping = 'none'
): Promise<void> {
  await answerWith(page, part);
  const place = `lineage=${part.start[0]}&lineage-group=${grouping}`;
  // What an earlier journey left open would be drawn first, and then this.
  await page.goto(`/lab?${place}&token=${lab.token}&reset`);
  await expect(page).not.toHaveURL(/[?&]lineage/, { timeout: 30_000 });
  await page.locator('.claimed-LineageGraph-host').waitFor();
}

/** Looks at another part, once JupyterLab has started and rests. */
export async function lookAt(page: Page, part: IPart): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(1500);
  await page.unrouteAll();
  await answerWith(page, part);
  await page.evaluate(() => performance.clearMeasures());
  await page.locator('.claimed-LineageGraph-host').focus();
  await page.keyboard.press('ArrowRight'); // selects what is in the middle
  await page.keyboard.press('Enter'); // looks at the graph around it
}

/** How long it took from the graph that was set to its picture, in ms. */
export async function paintTime(page: Page): Promise<number> {
  const entries = await page.waitForFunction(() => {
    const found = performance.getEntriesByName('claimed-lineage:painted');
    return found.length ? found.map(({ duration }) => duration) : null;
  });
  return ((await entries.jsonValue()) as number[])[0];
}
