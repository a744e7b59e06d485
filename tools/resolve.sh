#!/bin/sh
# Resolves all extras but mlmd together, for every supported Python. With --check only proves that it can be done under
# constraints.txt; without, writes constraints.txt anew.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
venv="${CLAIMED_VENV:-$root/.venv}"
cd "$root"
if [ -n "${PIP_FIND_LINKS:-}" ] && [ -z "${UV_FIND_LINKS:-}" ]; then
    export UV_FIND_LINKS="$PIP_FIND_LINKS"
fi

# Of the test extra; the uv on PATH may be a shim that refuses to run.
uv="$venv/bin/uv"
if [ ! -x "$uv" ]; then
    echo "This needs the environment of the tests: make setup-test" >&2
    exit 1
fi

resolve() {
    "$uv" pip compile --quiet --universal --python-version 3.10 pyproject.toml constraints.in --extra all --extra demo \
        --no-header --no-annotate "$@"
}

if [ "${1:-}" = --check ]; then
    resolve -c constraints.txt >/dev/null
    echo "All extras but mlmd resolve together under constraints.txt: $(grep -c == constraints.txt) packages"
else
    resolve --upgrade -o constraints.txt
fi
