"""The `.pipeline` document: its model, its graph, the one validator, and what an editor draws."""
