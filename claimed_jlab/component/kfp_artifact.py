"""What a function written for Kubeflow Pipelines is given as an artifact, as code for the notebook that calls it.

KFP's artifact is an object with a path, ours is a path: this is both, and needs nothing installed.
"""

from __future__ import annotations

ARTIFACT_CLASS = '''
class _ClaimedArtifact(str):
    """The path of an artifact, with what artifacts of Kubeflow Pipelines have besides."""

    def __new__(cls, path, name):
        made = super().__new__(cls, path)
        made.path = made.uri = str(path)
        made.name, made.metadata = name, {}
        return made

    def log_metric(self, metric, value):
        self.metadata[metric] = value

    def log_roc_curve(self, fpr, tpr, threshold):
        self.metadata["confidenceMetrics"] = [
            {"confidenceThreshold": t, "recall": y, "falsePositiveRate": x} for x, y, t in zip(fpr, tpr, threshold)
        ]

    def log_confusion_matrix(self, categories, matrix):
        self.metadata["confusionMatrix"] = {"categories": list(categories), "matrix": [list(row) for row in matrix]}

    def keep(self):
        """Metrics are logged to the artifact, and none of KFP's functions writes them down."""
        import json
        import os
        if self.metadata and not os.path.exists(self):
            with open(self, "w") as file:
                json.dump(self.metadata, file)
'''
