import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

// Names the JupyterLab that the tests start: it is read before lab.ts is.
process.env.CLAIMED_UI_JUPYTER ??= execFileSync(
  'sh',
  [join(__dirname, 'make_env.sh')],
  { encoding: 'utf8' }
).trim();
