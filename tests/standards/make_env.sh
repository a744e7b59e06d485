#!/bin/sh
# Makes the environment in which the libraries of lineage standards judge what we write: .venv-standards in the root.
# Does nothing when it is already made from the same requirements. Prints the path of its python.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tools/environments.sh"
judge_environment "$root/.venv-standards" "$here/requirements.txt" 3.11 "version >= (3, 10)" \
    "The judges of lineage standards need Python 3.10 or newer: install one, or uv (which brings its own)."
