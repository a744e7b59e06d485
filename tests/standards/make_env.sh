#!/bin/sh
# Makes the environment in which the libraries of lineage standards judge what we write: .venv-standards in the root.
# Does nothing when it is already made from the same requirements. Prints the path of its python.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv="$root/.venv-standards"
requirements="$here/requirements.txt"
stamp="$venv/.requirements"

if [ -x "$venv/bin/python" ] && cmp -s "$requirements" "$stamp"; then
    echo "$venv/bin/python"
    exit 0
fi

# uv does not read pip's variable.
if [ -n "${PIP_FIND_LINKS:-}" ] && [ -z "${UV_FIND_LINKS:-}" ]; then
    export UV_FIND_LINKS="$PIP_FIND_LINKS"
fi

find_python() {
    # A pyenv shim may be on PATH and still refuse to run.
    for candidate in python3.11 python3.12 python3.13 python3.10 python3 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

has_uv() {
    command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1
}

refuse() {
    echo "The judges need Python 3.10 or newer, and none was found; install one, or uv (which brings its own)." >&2
    exit 1
}

python=$(find_python) || python=
rm -rf "$venv"
if has_uv; then
    # Without a fitting python here, uv fetches one.
    uv venv --quiet --python "${python:-3.11}" "$venv" >&2 || refuse
    uv pip install --quiet --python "$venv/bin/python" -r "$requirements" >&2
elif [ -n "$python" ]; then
    "$python" -m venv "$venv" >&2
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" >&2
else
    refuse
fi
cp "$requirements" "$stamp"
echo "$venv/bin/python"
