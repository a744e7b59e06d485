# What the scripts that make virtual environments share. To be sourced; leaves the caller's variables alone but `python`.

# uv does not read pip's variable for a folder of wheels.
if [ -n "${PIP_FIND_LINKS:-}" ] && [ -z "${UV_FIND_LINKS:-}" ]; then
    export UV_FIND_LINKS="$PIP_FIND_LINKS"
fi

has_uv() {
    command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1
}

# find_python CONDITION PROGRAM...: prints the first that runs and whose `version`, as (3, 11), meets the condition.
find_python() {
    condition=$1
    shift
    for candidate in "$@"; do
        # A pyenv shim may be on PATH and still refuse to run.
        if "$candidate" -c "import sys; version = sys.version_info[:2]; sys.exit(not ($condition))" >/dev/null 2>&1; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

# make_environment FOLDER PYTHON: with uv when it is there, which fetches a python that is given as a version only.
make_environment() {
    if has_uv; then
        uv venv --quiet --python "$2" "$1"
    else
        "$2" -m venv "$1"
    fi
}

# install_into FOLDER ARGUMENT...: what `pip install` is to be given.
install_into() {
    folder=$1
    shift
    if has_uv; then
        uv pip install --quiet --python "$folder/bin/python" "$@"
    else
        # An environment that uv made, before uv went away, has no pip.
        "$folder/bin/python" -m pip --version >/dev/null 2>&1 || "$folder/bin/python" -m ensurepip >/dev/null
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
    fi
}

# judge_environment FOLDER REQUIREMENTS VERSION CONDITION REFUSAL: an environment made from a file of requirements, and
# again when they change; prints its python. VERSION is what uv fetches when no python here meets the condition.
judge_environment() {
    if [ -x "$1/bin/python" ] && cmp -s "$2" "$1/.requirements"; then
        echo "$1/bin/python"
        return
    fi
    pyenv="${PYENV_ROOT:-$HOME/.pyenv}/versions"
    if ! python=$(find_python "$4" "python$3" python3.12 python3.11 python3.13 python3.10 python3 python \
        "$pyenv"/3.11*/bin/python "$pyenv"/3.10*/bin/python); then
        has_uv || { echo "$5" >&2 && return 1; }
        python=$3
    fi
    rm -rf "$1"
    make_environment "$1" "$python" >&2 || { echo "$5" >&2 && return 1; }
    install_into "$1" -r "$2" >&2
    cp "$2" "$1/.requirements"
    echo "$1/bin/python"
}
