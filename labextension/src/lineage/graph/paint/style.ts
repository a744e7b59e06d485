/** The colours and the letters of the theme, as they are now. */
export interface IStyle {
  font: string;
  background: string;
  card: string;
  raised: string;
  text: string;
  quiet: string;
  border: string;
  faint: string;
  brand: string;
  error: string;
  warn: string;
  isLight: boolean;
  typeColor(type: string): string;
  stateColor(state: string | null): string;
}

/** The variables to be asked, the first that has a value counts; the last is a colour. */
const TYPES: { [type: string]: string[] } = {
  Dataset: ['--md-blue-500', '--jp-info-color1', '#2196f3'],
  Model: ['--md-purple-500', '--jp-brand-color1', '#9c27b0'],
  Metrics: ['--md-orange-700', '--jp-warn-color1', '#f57c00'],
  ClassificationMetrics: ['--md-pink-500', '--jp-error-color1', '#e91e63'],
  SlicedClassificationMetrics: [
    '--md-pink-500',
    '--jp-error-color1',
    '#e91e63'
  ],
  HTML: ['--md-teal-500', '--jp-success-color1', '#009688'],
  Markdown: ['--md-cyan-700', '--jp-info-color1', '#0097a7']
};

const STATES: { [state: string]: string[] } = {
  RUNNING: ['--jp-brand-color1', '#1976d2'],
  COMPLETE: ['--jp-success-color1', '#388e3c'],
  CACHED: ['--md-teal-500', '#009688'],
  FAILED: ['--jp-error-color1', '#d32f2f'],
  CANCELED: ['--jp-warn-color1', '#f57c00'],
  DELETED: ['--jp-error-color1', '#d32f2f'],
  MARKED_FOR_DELETION: ['--jp-warn-color1', '#f57c00'],
  ABANDONED: ['--jp-warn-color1', '#f57c00']
};

const OTHER = ['--jp-ui-font-color2', '#616161'];

/** Reads the theme where it applies. */
export function readStyle(node: HTMLElement): IStyle {
  const computed = getComputedStyle(node);
  const read = (...names: string[]): string => {
    for (const name of names.slice(0, -1)) {
      const value = computed.getPropertyValue(name).trim();
      if (value) {
        return value;
      }
    }
    return names[names.length - 1];
  };
  const known = (table: { [key: string]: string[] }) =>
    new Map(Object.entries(table).map(([key, names]) => [key, read(...names)]));
  const [types, states, other] = [known(TYPES), known(STATES), read(...OTHER)];
  return {
    font: read('--jp-ui-font-family', 'system-ui, sans-serif'),
    background: read('--jp-layout-color0', '#fff'),
    card: read('--jp-layout-color1', '#fff'),
    raised: read('--jp-layout-color2', '#eee'),
    text: read('--jp-ui-font-color1', '#212121'),
    quiet: read('--jp-ui-font-color2', '#616161'),
    border: read('--jp-border-color0', '#bdbdbd'),
    faint: read('--jp-border-color2', '#e0e0e0'),
    brand: read('--jp-brand-color1', '#1976d2'),
    error: read('--jp-error-color1', '#d32f2f'),
    warn: read('--jp-warn-color1', '#f57c00'),
    isLight: document.body.dataset.jpThemeLight !== 'false',
    typeColor: type => types.get(type) ?? other,
    stateColor: state => states.get(state ?? '') ?? other
  };
}
