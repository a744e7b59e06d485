import { rmSync } from 'node:fs';
import { lab } from './lab';

/** Removes the server's folder. */
export default function teardown(): void {
  rmSync(lab.folder, { recursive: true, force: true, maxRetries: 5 });
}
