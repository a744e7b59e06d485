"""The query language of lineage: text -> tree (parser) -> conditions (SQL) -> pages (search); and completion."""
