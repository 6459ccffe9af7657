#!/bin/sh
# Installs the peers that need a later Python than 3.11, each into a folder of its own.
# Usage: scripts/later_peers.sh VENV LIBRARY...
#
# VENV/peers/LIBRARY gets the packages of locks/peer-LIBRARY.txt, and in `.python` the interpreter
# that runs them: the one of VENV if it is 3.12 or later, else the first such one that
# scripts/pythons.sh has found. Without one the library is left out, which is printed.
set -eu

venv=$1
shift

python=
for candidate in "$venv/bin/python" $(cat "$venv/pythons/found"); do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 12))'; then
        python=$candidate
        break
    fi
done

for library in "$@"; do
    folder=$venv/peers/$library
    if [ -z "$python" ]; then
        rm -rf "$folder"
        echo "$library: needs Python 3.12 or later, which is not on this machine, skipped"
        continue
    fi
    stamp="$python $(cksum <"locks/peer-$library.txt")"
    if [ "$(cat "$folder/.made" 2>/dev/null)" != "$stamp" ]; then
        rm -rf "$folder"
        sh scripts/retry.sh "$python" -m pip --disable-pip-version-check --quiet --quiet install \
            --require-hashes --no-deps --target "$folder" -r "locks/peer-$library.txt"
        echo "$python" >"$folder/.python"
        echo "$stamp" >"$folder/.made"
    fi
    echo "$library: its tests run on $("$python" --version)"
done
