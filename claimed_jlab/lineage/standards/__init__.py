"""Lineage in standards: OpenLineage, W3C PROV-JSON and Workflow Run RO-Crate, out of a store and into one.

All three are written from the same plain values, a *story* (`story.py`): runs, their tasks, and the artifacts these
read and wrote. `gather.py` reads a story from any ML Metadata store, `keep.py` writes one into a store, each node once.
What a standard can't say, or a store, is counted in a `LeftOut`.
"""
