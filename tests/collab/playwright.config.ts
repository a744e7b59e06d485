import './environment';
import config from '../ui/playwright.config';

/** The browser tests' own settings, with a JupyterLab in which people work together. */
export default {
  ...config,
  testDir: __dirname,
  outputDir: '../../test-results/collab',
  globalTeardown: '../ui/teardown.ts'
};
