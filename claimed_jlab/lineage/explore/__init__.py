"""What a person who explores lineage sees: a part of the graph, one node in full, its history, its tags and notes."""
