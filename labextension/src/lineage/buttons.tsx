import * as React from 'react';
import { ILineageNode } from '../api/lineage';
import { IDetailProps } from './detailprops';
import { nodeSubject } from './export/subject';
import { RUN } from './names';
import { quoted, shortType } from './words';

/** A button: what it says, what that is, and what it does. */
interface IButton {
  label: string;
  title: string;
  act: () => unknown;
}

/** What one does most with a node. */
export function Buttons(props: IDetailProps): JSX.Element {
  return (
    <div className="claimed-Lineage-buttons">
      {[...openButtons(props), ...askButtons(props)].map(
        ({ label, title, act }) => (
          <button
            key={label}
            className="jp-Button jp-mod-styled"
            title={title}
            onClick={() => void act()}
          >
            {label}
          </button>
        )
      )}
    </div>
  );
}

/** The graph around it, its content, its notebook, its run. */
function openButtons(props: IDetailProps): IButton[] {
  const { model, actions, detail, trans } = props;
  const { node } = detail;
  const { id, run, kind } = node;
  const { focus, view } = model.place;
  const buttons: (IButton | false)[] = [
    (focus !== id || view !== 'graph') && {
      label: trans.__('Focus here'),
      title: trans.__('The graph around this'),
      act: () => model.focus(id)
    },
    detail.notebook && {
      label: trans.__('Open notebook as it was'),
      title: trans.__('The notebook that was executed, with its outputs'),
      act: () => actions.openNotebook(node)
    },
    kind === 'artifact' && {
      label: trans.__('Open'),
      title: trans.__('The content, in a tab of its own'),
      act: () => actions.openContent(node)
    },
    run !== null && {
      label: trans.__('Show run'),
      title: trans.__('The pipeline with this run'),
      act: () => actions.openRun(run)
    },
    kind === 'context' && contextButton(props)
  ];
  return buttons.filter((button): button is IButton => button !== false);
}

/** What a pipeline or a run is the context of. */
function contextButton({ model, detail, trans }: IDetailProps): IButton {
  const { name, type } = detail.node;
  return shortType(type) === 'PipelineRun'
    ? {
        label: trans.__('Lineage of the run'),
        title: trans.__('All that the run read and made'),
        act: () => model.focus(`${RUN}${name}`)
      }
    : {
        label: trans.__('Its runs'),
        title: trans.__('All runs of this pipeline, in a table'),
        act: () => model.find(`pipeline:${quoted(name)} type:DAGExecution`)
      };
}

/** Whether a task made it: what came from outside is not made again. */
function isMade({ node }: { node: ILineageNode }): boolean {
  return shortType(node.type) !== 'ImporterExecution';
}

/** What is asked of it: compared, connected, described, made again, exported. */
function askButtons(props: IDetailProps): IButton[] {
  const { model, actions, detail, trans } = props;
  const { node } = detail;
  const isArtifact = node.kind === 'artifact';
  const buttons: (IButton | false)[] = [
    {
      label: trans.__('Compare…'),
      title: trans.__('Side by side with what you select next'),
      act: () => model.await({ what: 'compare', node })
    },
    // Nothing leads to a pipeline: it is what runs have in common.
    node.kind !== 'context' && {
      label: trans.__('Path to…'),
      title: trans.__('All ways to what you select next'),
      act: () => model.await({ what: 'path', node })
    },
    isArtifact &&
      shortType(node.type) === 'Model' && {
        label: trans.__('Model card'),
        title: trans.__('What it is, in Markdown: metrics, data, reports'),
        act: () => actions.openCard(node)
      },
    isArtifact &&
      detail.inputs.some(isMade) && {
        label: trans.__('Reproduce'),
        title: trans.__('Make it again and compare the content'),
        act: () => actions.reproduce(node)
      },
    {
      label: trans.__('Export lineage…'),
      title: trans.__('As OpenLineage, W3C PROV or a Workflow Run RO-Crate'),
      act: () => actions.exportLineage(nodeSubject(node, trans))
    }
  ];
  return buttons.filter((button): button is IButton => button !== false);
}
