import { Contents } from '@jupyterlab/services';
import { PathExt } from '@jupyterlab/coreutils';
import { IComponent } from '../api/types';
import { PipelineModel } from '../editor/docmodel';
import { Drawing } from './drawing';

const FILE = 'example-credits.csv';

/** Enough to be split and learned from. */
const ROWS = 80;

/** The tasks of the example, each beside the one it follows. */
const STEPS = ['load-table', 'split-table', 'sklearn-classifier'];

/**
 * Draws a small pipeline that runs as it is, and writes the table that it
 * reads beside the document.
 *
 * Returns what is missing when the catalogs have not all of its components.
 */
export async function drawExample(
  drawing: Drawing,
  components: IComponent[],
  contents: Contents.IManager
): Promise<string[]> {
  const steps = STEPS.map(name =>
    components.find(component => component.name === name)
  );
  const missing = STEPS.filter((_, at) => !steps[at]);
  if (missing.length > 0) {
    return missing;
  }
  const folder = PathExt.dirname(drawing.editor.path);
  await contents.save(PathExt.join(folder, FILE), {
    type: 'file',
    format: 'text',
    content: table()
  });
  drawing.edit(() => addSteps(drawing.document, steps as IComponent[]));
  return [];
}

function addSteps(
  document: PipelineModel,
  [load, split, train]: IComponent[]
): void {
  const loaded = document.addTask(load.reference, {
    position: [0, 0],
    inputs: { source: { value: FILE } }
  });
  const parted = document.addTask(split.reference, {
    position: [320, 0],
    inputs: { data: { output: `${loaded}.table` } }
  });
  document.addTask(train.reference, {
    position: [640, 0],
    inputs: { data: { output: `${parted}.train` } }
  });
}

/** Who asked for how much, and how it went; the same at every call. */
function table(): string {
  const lines = ['age_years,sex,amount,risk'];
  for (let row = 0; row < ROWS; row++) {
    const age = 20 + ((row * 7) % 41);
    const sex = row % 2 ? 'female' : 'male';
    const amount = 500 + ((row * 370) % 4000);
    const risk = amount < 1200 + age * 40 ? 'good' : 'bad';
    lines.push([age, sex, amount, risk].join(','));
  }
  return lines.join('\n') + '\n';
}
