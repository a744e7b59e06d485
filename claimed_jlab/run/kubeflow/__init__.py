"""The engine that runs a pipeline on Kubeflow Pipelines: a document becomes KFP's PipelineSpec as data."""
