"""Workflow Run RO-Crate (profiles 0.5, RO-Crate 1.1): a folder or a .zip with ro-crate-metadata.json."""
