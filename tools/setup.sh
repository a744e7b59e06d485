#!/bin/sh
# Makes the virtual environment .venv and installs the project with some extras: sh tools/setup.sh EXTRAS
# With uv when it is on PATH, else venv and pip. Does nothing when nothing changed since the last time.
set -eu

extras=$1
root=$(cd "$(dirname "$0")/.." && pwd)
venv="${CLAIMED_VENV:-$root/.venv}"
cd "$root"

. "$root/tools/environments.sh"
# The browser part is built by `make`, once and in the open, not inside pip.
export SKIP_JUPYTER_BUILDER=1

if [ ! -x "$venv/bin/python" ]; then
    # shellcheck disable=SC2086 - one that is not set is no word
    python=$(find_python "(3, 10) <= version <= (3, 13)" \
        ${CLAIMED_PYTHON:-} python3 python3.12 python3.11 python3.13 python3.10 python) || {
        echo "Python 3.10, 3.11, 3.12 or 3.13 is needed, and none was found on PATH." >&2
        exit 1
    }
    echo "Making $(basename "$venv") with $("$python" --version)" >&2
    make_environment "$venv" "$python"
fi

stamp="$venv/.installed-$(echo "$extras" | tr ',' '-')"
if [ -f "$stamp" ] && [ "$stamp" -nt pyproject.toml ] && [ "$stamp" -nt constraints.txt ]; then
    exit 0
fi
# Packaging wants the folder of the built browser part, also while it is not built.
mkdir -p claimed_jlab/labextension
# Through the link to what is built, installing would write into the sources of the next package.
link="$venv/share/jupyter/labextensions/claimed-jlab"
linked=$([ -L "$link" ] && readlink "$link") || linked=
rm -f "${linked:+$link}" claimed_jlab/labextension/install.json
echo "Installing claimed_jlab[$extras]; the first time takes a minute or two" >&2
install_into "$venv" -c constraints.txt -e ".[$extras]"
if [ -n "$linked" ]; then
    rm -rf "$link"
    ln -s "$linked" "$link"
fi
touch "$stamp"
