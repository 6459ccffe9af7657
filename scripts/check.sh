#!/bin/sh
# Runs lint, the type checks, the front end's tests and the pure tests, for `make check`.
# None of them needs a kernel, a browser or a server. The pure tests run in parallel to the rest.
# Goes on after a failure, so that one run shows all failures.
# Usage: scripts/check.sh PYTHON

python=$1
step="sh scripts/step.sh"
log=$(mktemp)
waiting_log=$(mktemp)
# These mostly wait for servers, so they run beside the others.
waiting="tests/transport tests/streams tests/generation"
pure="$python -m pytest --pure --quiet -p no:cacheprovider"
$pure $(printf -- '--ignore=%s ' $waiting) >"$log" 2>&1 &
tests=$!
$pure $waiting >"$waiting_log" 2>&1 &
waiting_tests=$!
trap 'kill "$tests" "$waiting_tests" 2>/dev/null; rm -f "$log" "$waiting_log"' EXIT
trap 'exit 130' INT TERM

$step "ruff check" "$python" -m ruff check || failed=1
$step "ruff format" "$python" -m ruff format --check || failed=1
$step mypy "$python" -m mypy || failed=1
$step "npm run check" npm --prefix js run check || failed=1
# Without a Chromium the tests that need one skip themselves.
CHROMIUM=none $step "npm test" npm --prefix js test -- --reporter=dot || failed=1
wait "$tests" || failed=1
wait "$waiting_tests" || failed=1
printf '\n== pytest --pure, which ran beside these\n'
cat "$log" "$waiting_log"
[ -z "$failed" ]
