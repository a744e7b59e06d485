import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    environment: 'jsdom',
    include: ['**/*.test.ts'],
    testTimeout: 30_000, // a machine may be busy
    retry: process.env.CI ? 1 : 0,
    benchmark: { include: ['**/*.bench.ts'] },
    server: { deps: { inline: [/@jupyterlab\//, /@jupyter\//, /@lumino\//] } }
  }
});
