import { rmSync } from 'node:fs';
import { hub } from './hub';

/** Removes the hub's folder. */
export default function teardown(): void {
  rmSync(hub.folder, { recursive: true, force: true, maxRetries: 5 });
}
