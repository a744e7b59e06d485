"""OpenLineage 2-0-2: a START and a COMPLETE, FAIL or ABORT event for each task, and for each run as their parent."""
