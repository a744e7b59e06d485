#!/bin/sh
# Makes the environment in which cwltool judges our CWL exports: .venv-cwl in the repository's root.
# Does nothing when it is already made from the same requirements. Prints the path of its python.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tools/environments.sh"
judge_environment "$root/.venv-cwl" "$here/requirements.txt" 3.12 "version >= (3, 10)" \
    "cwltool needs Python 3.10 or newer: install one, or uv (which brings its own)."
