#!/bin/sh
# Makes the environment in which pipelines are edited together: .venv-collab in the repository's root, with this
# checkout and jupyter-collaboration. Does nothing when it is already made. Prints the path of its jupyter.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
venv="$root/.venv-collab"
stamp="$venv/.made"

if [ -x "$venv/bin/jupyter" ] && [ "$stamp" -nt "$root/pyproject.toml" ]; then
    echo "$venv/bin/jupyter"
    exit 0
fi

. "$root/tools/environments.sh"
PATH="$root/.venv/bin:$PATH"
python="$root/.venv/bin/python"
[ -x "$python" ] || python=python3

rm -rf "$venv"
make_environment "$venv" "$python" >&2
install_into "$venv" -e "$root[collab]" pytest "pytest-jupyter[server]" -c "$root/constraints.txt" >&2
# The browser part was copied; a link sees later builds too.
extension="$venv/share/jupyter/labextensions/claimed-jlab"
rm -rf "$extension"
ln -s "$root/claimed_jlab/labextension" "$extension"
touch "$stamp"
echo "$venv/bin/jupyter"
