import { Contents } from '@jupyterlab/services';
import { PathExt } from '@jupyterlab/coreutils';
import { IComponent } from '../api/types';
import { PipelineModel } from '../editor/docmodel';
import { Drawing } from './drawing';

const FILE = 'example-flowers.csv';

/** Widths and lengths of petals, enough to be split and learned from. */
const ROWS = 60;

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

/** Two kinds of flowers that differ, the same at every call. */
function table(): string {
  const lines = ['length,width,kind'];
  for (let row = 0; row < ROWS; row++) {
    const kind = row % 2;
    const length = 1.4 + kind * 3 + ((row * 7) % 10) / 10;
    const width = 0.2 + kind * 1.2 + ((row * 3) % 5) / 10;
    lines.push(`${length.toFixed(1)},${width.toFixed(1)},${kind}`);
  }
  return lines.join('\n') + '\n';
}
