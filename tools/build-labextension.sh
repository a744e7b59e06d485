#!/bin/sh
# Builds the browser part and links it into .venv. Does nothing when it is newer than its sources.
# Exit 3: node is missing or too old, which is said on standard error.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
venv="${CLAIMED_VENV:-$root/.venv}"
cd "$root"

node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
if [ "$node_major" -lt 20 ]; then
    echo "JupyterLab's part needs node 20 or newer to be built, and $( [ "$node_major" = 0 ] && echo "none was found" || echo "version $node_major was found"): install it, then run make lab." >&2
    exit 3
fi

# A stamp of its own for each environment: what is built is shared, the link is not.
stamp="$venv/.labextension"
if [ -f "$stamp" ] && [ -f claimed_jlab/labextension/package.json ] &&
    [ -z "$(find labextension/src labextension/style labextension/schema labextension/tsconfig.json package.json yarn.lock -newer "$stamp" -type f | head -n 1)" ]; then
    exit 0
fi
export PATH="$venv/bin:$PATH"
log="$venv/labextension.log"
echo "Building JupyterLab's part; the first time takes a minute or two" >&2
if ! { jlpm install --immutable && jlpm build:prod && jupyter-builder develop . --overwrite; } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    exit 1
fi
touch "$stamp"
