"""Upgrades the database at a place with the official library, in its environment: a program that imports nothing of
ours. A line of JSON on standard input says where: {"sqlite": path}, {"postgresql": {…}} or {"mysql": {…}}, the fields
of the library's own configuration; so no password is seen in a list of processes.
"""

from __future__ import annotations

import json
import sys

from google.protobuf import json_format
from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2 as pb


def main() -> None:
    given = json.loads(sys.stdin.readline())
    config = pb.ConnectionConfig()
    if "sqlite" in given:
        config.sqlite.filename_uri = given["sqlite"]
        config.sqlite.connection_mode = pb.SqliteMetadataSourceConfig.READWRITE
    else:
        json_format.ParseDict(given, config)
    metadata_store.MetadataStore(config, enable_upgrade_migration=True)


if __name__ == "__main__":
    main()
