import { defineConfig } from '@playwright/test';
import { chromium } from '../ui/chromium';
import { hub } from './hub';

/** A real JupyterHub with its proxy and a URL prefix, and Chromium. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results/hub',
  workers: 1,
  retries: process.env.CI ? 2 : 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  globalTeardown: './teardown.ts',
  use: {
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: chromium
  },
  webServer: {
    command: hub.command,
    env: hub.env,
    cwd: hub.folder,
    url: `${hub.url}/hub/health`,
    timeout: 120_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 }
  }
});
