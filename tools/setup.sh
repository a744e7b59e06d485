#!/bin/sh
# Makes the virtual environment .venv and installs the project with some extras: sh tools/setup.sh EXTRAS
# With uv when it is on PATH, else venv and pip. Does nothing when nothing changed since the last time.
set -eu

extras=$1
root=$(cd "$(dirname "$0")/.." && pwd)
venv="${CLAIMED_VENV:-$root/.venv}"
cd "$root"

# uv does not read pip's variable for a folder of wheels.
if [ -n "${PIP_FIND_LINKS:-}" ] && [ -z "${UV_FIND_LINKS:-}" ]; then
    export UV_FIND_LINKS="$PIP_FIND_LINKS"
fi
# The browser part is built by `make`, once and in the open, not inside pip.
export SKIP_JUPYTER_BUILDER=1

fits() {
    # A pyenv shim may be on PATH and still refuse to run.
    "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${CLAIMED_PYTHON:-} python3 python3.12 python3.11 python3.13 python3.10 python; do
        if fits "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    echo "Python 3.10, 3.11, 3.12 or 3.13 is needed, and none was found on PATH." >&2
    return 1
}

has_uv() {
    command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1
}

if [ ! -x "$venv/bin/python" ]; then
    python=$(find_python)
    echo "Making $(basename "$venv") with $("$python" --version)" >&2
    if has_uv; then
        uv venv --quiet --python "$python" "$venv"
    else
        "$python" -m venv "$venv"
    fi
fi

stamp="$venv/.installed-$(echo "$extras" | tr ',' '-')"
if [ -f "$stamp" ] && [ "$stamp" -nt pyproject.toml ] && [ "$stamp" -nt constraints.txt ]; then
    exit 0
fi
# Packaging wants the folder of the built browser part, also while it is not built.
mkdir -p claimed_jlab/labextension
echo "Installing claimed_jlab[$extras]; the first time takes a minute or two" >&2
if has_uv; then
    uv pip install --quiet --python "$venv/bin/python" -c constraints.txt -e ".[$extras]"
else
    # An environment that uv made, before uv went away, has no pip.
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$extras]"
fi
touch "$stamp"
