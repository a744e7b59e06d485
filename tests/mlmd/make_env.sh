#!/bin/sh
# Makes the environment in which Google's ml-metadata judges our lineage store: .venv-mlmd in the repository's root.
# Does nothing when it is already made from the same requirements. Prints the path of its python.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tools/environments.sh"
judge_environment "$root/.venv-mlmd" "$here/requirements.txt" 3.11 "version in ((3, 11), (3, 10))" \
    "ml-metadata has wheels for Python 3.11 and 3.10 only: install one of them, or uv (which brings its own), or set
CLAIMED_MLMD_PYTHON to a python that has ml-metadata."
