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

# uv does not read pip's variable.
if [ -n "${PIP_FIND_LINKS:-}" ] && [ -z "${UV_FIND_LINKS:-}" ]; then
    export UV_FIND_LINKS="$PIP_FIND_LINKS"
fi
PATH="$root/.venv/bin:$PATH"
python="$root/.venv/bin/python"
[ -x "$python" ] || python=python3

rm -rf "$venv"
if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
    uv venv --quiet --python "$python" "$venv" >&2
    uv pip install --quiet --python "$venv/bin/python" -e "$root[collab]" pytest "pytest-jupyter[server]" \
        -c "$root/constraints.txt" >&2
else
    "$python" -m venv "$venv" >&2
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -e "$root[collab]" pytest \
        "pytest-jupyter[server]" -c "$root/constraints.txt" >&2
fi
# The browser part was copied; a link sees later builds too.
extension="$venv/share/jupyter/labextensions/claimed-jlab"
rm -rf "$extension"
ln -s "$root/claimed_jlab/labextension" "$extension"
touch "$stamp"
echo "$venv/bin/jupyter"
