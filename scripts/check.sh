#!/bin/sh
# Runs lint, the type checks, the front end's tests and the pure tests, for `make check`.
# None of them needs a kernel, a browser or a server. The pure tests run in parallel to the rest.
# Goes on after a failure, so that one run shows all failures.
# Usage: scripts/check.sh PYTHON

python=$1
step="sh scripts/step.sh"
logs=$(mktemp -d)
pure="$python -m pytest --pure --quiet -p no:cacheprovider"
# The tests in these folders mostly wait for servers, so each folder runs beside the others.
waiting="tests/streams tests/transport tests/generation tests/many tests/agent"
$pure $(printf -- '--ignore=%s ' $waiting) >"$logs/0" 2>&1 &
tests=$!
for folder in $waiting; do
    $pure "$folder" >"$logs/$!" 2>&1 &
    tests="$tests $!"
done
trap 'kill $tests 2>/dev/null; rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM

$step "ruff check" "$python" -m ruff check || failed=1
$step "ruff format" "$python" -m ruff format --check || failed=1
$step mypy "$python" -m mypy || failed=1
$step "npm run check" npm --prefix js run check || failed=1
# Without a Chromium the tests that need one skip themselves.
CHROMIUM=none $step "npm test" npm --prefix js test -- --reporter=dot || failed=1
for test in $tests; do
    wait "$test" || failed=1
done
printf '\n== pytest --pure, which ran beside these\n'
cat "$logs"/*
[ -z "$failed" ]
