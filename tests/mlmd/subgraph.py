"""Times get_lineage_subgraph of Google's ml-metadata, in an environment of its own (make_env.sh), at its best.

subgraph.py STORE HOPS ARTIFACT…   milliseconds and the number of nodes of each answer, as JSON. The store is opened
once, one question is asked to warm up, and nothing but nodes is asked for: with events it takes longer.
"""

from __future__ import annotations

import json
import sys
import time

from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2 as pb


def main(path: str, hops: str, *artifacts: str) -> list[tuple[float, int]]:
    config = pb.ConnectionConfig()
    config.sqlite.filename_uri = path
    config.sqlite.connection_mode = pb.SqliteMetadataSourceConfig.READWRITE
    store = metadata_store.MetadataStore(config)
    found = []
    for artifact in (artifacts[0], *artifacts):
        options = pb.LineageSubgraphQueryOptions(max_num_hops=int(hops))
        options.starting_artifacts.filter_query = f"id = {artifact}"
        options.direction = pb.LineageSubgraphQueryOptions.UPSTREAM
        began = time.perf_counter()
        graph = store.get_lineage_subgraph(options, field_mask_paths=["artifacts", "executions"])
        found.append(((time.perf_counter() - began) * 1000, len(graph.artifacts) + len(graph.executions)))
    return found[1:]


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout)
