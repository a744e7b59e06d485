import { PipelineModel } from '../../labextension/src/editor/docmodel';

/** A document in somebody's own style, with fields that are not ours. */
export const TEXT = `{
    "format": "claimed-pipeline/1",
    "x-team": {"b": 1,   "a": [1,2]},
    "tasks": {
        "load": {"component": "input/load-table@1.0.0"},
        "train": {"component": "train/sklearn-classifier@1.0.0", "x": null,
                  "inputs": {"data": {"output": "load.table"}}, "timeout": 1.50e2},
        "last": {"component": "./mine", "when": "train.accuracy > 0.5 and 'train.x' != load.rows"}
    },
    "layout": {
        "load": [ 10, 20 ],
        "last": [900, 20],
        "gone": [1, 2]
    },
    "name": "Example"
}
`;

/** The model of a document that was just loaded. */
export function model(text = TEXT): PipelineModel {
  const made = new PipelineModel();
  made.fromString(text);
  return made;
}
