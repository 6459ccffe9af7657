#!/bin/sh
# Makes a virtual environment for the pure tests with each other version of Python on this machine.
# Usage: scripts/pythons.sh FOLDER PYTHON
#
# FOLDER gets one environment for each version (such as 3.12), with the packages of
# locks/pure.txt. An environment whose lock and interpreter have not changed is kept. PYTHON is
# the interpreter that all tests run on; its version is left out. Prints one line for each
# version; FOLDER/found lists the environments' interpreters.
set -eu

folder=$1
main=$("$2" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
mkdir -p "$folder"
: >"$folder/found"

# Prints the interpreter's own path if it is of that version and can make environments.
probe='
import sys
if "%d.%d" % sys.version_info[:2] != sys.argv[1]:
    sys.exit(1)
import ensurepip, ssl, venv
print(sys.executable)
'

# The candidates, one a line, best first: what is on PATH, then where pyenv, uv, Homebrew and
# python.org install. A name on PATH may be a shim for a version that is not active, so each is run.
candidates() {
    command -v "python$1" || true
    pyenv=${PYENV_ROOT:-$(pyenv root 2>/dev/null || echo "${HOME:-}/.pyenv")}
    ls -d "$pyenv/versions/$1".*/bin/python 2>/dev/null | sort -t. -k3 -rn || true
    uv=${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-${HOME:-}/.local/share}/uv/python}
    for path in "$uv"/cpython-"$1".*/bin/python3 \
        "/usr/bin/python$1" "/usr/local/bin/python$1" "/opt/homebrew/bin/python$1" \
        "/opt/python/$1/bin/python" \
        "/Library/Frameworks/Python.framework/Versions/$1/bin/python3"; do
        [ -x "$path" ] && echo "$path"
    done
    return 0
}

find_python() {
    candidates "$1" | while read -r path; do
        "$path" -c "$probe" "$1" 2>/dev/null && break
    done
    return 0
}

make_environment() {
    "$2" -m venv --clear "$folder/$1"
    sh scripts/retry.sh "$folder/$1/bin/python" -m pip --disable-pip-version-check --quiet \
        --quiet install --require-hashes --only-binary :all: -r locks/pure.txt
    "$folder/$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' |
        while read -r packages; do pwd >"$packages/nbstream.pth"; done
}

for version in 3.11 3.12 3.13 3.14; do
    if [ "$version" = "$main" ]; then
        echo "Python $version: all tests run on it"
        continue
    fi
    python=$(find_python "$version")
    if [ -z "$python" ]; then
        echo "Python $version: not on this machine, skipped"
        continue
    fi
    stamp="$python $(cksum <locks/pure.txt) $(pwd)"
    if [ "$(cat "$folder/$version/.made" 2>/dev/null)" != "$stamp" ]; then
        if ! make_environment "$version" "$python"; then
            echo "Python $version: its packages could not be installed (the error is above)" >&2
            exit 1
        fi
        echo "$stamp" >"$folder/$version/.made"
    fi
    echo "Python $version: the pure tests run on it ($python)"
    echo "$folder/$version/bin/python" >>"$folder/found"
done
