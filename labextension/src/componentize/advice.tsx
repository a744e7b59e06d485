import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** How a notebook says what goes in and what comes out. */
export function Advice({ trans }: { trans: TranslationBundle }): JSX.Element {
  return (
    <div className="claimed-Advice">
      <p>
        {trans.__(
          'Nothing goes in and nothing comes out yet. Tag a cell “parameters” and assign the inputs in it, and the files that the notebook writes:'
        )}
      </p>
      <pre>{EXAMPLE}</pre>
      <p>
        {trans.__(
          'Tags are under Property Inspector, the gears at the right. What you write appears here at once.'
        )}
      </p>
    </div>
  );
}

const EXAMPLE = `# Table to read
data: "Input[Dataset]" = "table.csv"
# Rows to keep
limit: int = 100
# The rows that were kept
kept: "Output[Dataset]" = "kept.csv"`;
