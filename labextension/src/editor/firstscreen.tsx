import { Panel } from '@xyflow/react';
import * as React from 'react';
import { CommandIDs } from '../tokens';
import { useStage } from './stage';

export interface IFirstScreenProps {
  /** Asks for a notebook and makes it the first task. */
  fromNotebook: () => void;
  /** Draws an example; null where its components are not there. */
  fromExample: () => void;
}

/** What a canvas without anything on it offers. */
export function FirstScreen(props: IFirstScreenProps): JSX.Element {
  const { commands, model, trans } = useStage();
  return (
    <Panel position="center-left" className="claimed-First">
      <div role="status">
        <h2>{trans.__('This pipeline has no tasks yet')}</h2>
        <p>
          {trans.__(
            'Drag components from the CLAIMED palette here, or notebooks, scripts and pipelines from the file browser. A double click on the canvas lists what there is.'
          )}
        </p>
        {!model.readOnly && (
          <p>
            <button
              className="jp-Button jp-mod-styled jp-mod-accept"
              onClick={() => void commands.execute(CommandIDs.askTask)}
            >
              {trans.__('Add a task…')}
            </button>
            <button
              className="jp-Button jp-mod-styled"
              onClick={props.fromNotebook}
            >
              {trans.__('From a notebook…')}
            </button>
            <button
              className="jp-Button jp-mod-styled"
              onClick={props.fromExample}
            >
              {trans.__('Begin with an example')}
            </button>
          </p>
        )}
      </div>
    </Panel>
  );
}
