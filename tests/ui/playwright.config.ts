import { defineConfig } from '@playwright/test';
import { chromium } from './chromium';
import { lab } from './lab';

/** A real JupyterLab of this checkout, alone in a new folder, and Chromium. */
export default defineConfig({
  testDir: '.',
  testMatch: process.env.CLAIMED_FIGURES ? '*.bench.ts' : '*.spec.ts',
  outputDir: '../../test-results/ui',
  workers: 1, // the tests share a server and its runs
  fullyParallel: false,
  retries: process.env.CI ? 2 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  globalTeardown: './teardown.ts',
  use: {
    baseURL: lab.url,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: chromium
  },
  webServer: {
    command: lab.command,
    env: lab.env,
    url: `${lab.url}/api/status?token=${lab.token}`,
    timeout: 120_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 }
  }
});
