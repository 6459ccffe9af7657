#!/bin/sh
# Knows: that tests in notebooks wait for most of their time, so that the others, which calculate,
# can go beside them; and that one output is read better after the other. Refuses to know: any test.
# Usage: scripts/pytest.sh PYTHON

python=$1
log=$(mktemp)
"$python" -m pytest --ignore=tests/notebook -p no:cacheprovider >"$log" 2>&1 &
others=$!
trap 'kill "$others" 2>/dev/null; rm -f "$log"' EXIT
trap 'exit 130' INT TERM

"$python" -m pytest tests/notebook
notebooks=$?
wait "$others"
status=$?
printf '\n== the other tests, which went beside these\n'
cat "$log"
[ "$notebooks" -eq 0 ] && [ "$status" -eq 0 ]
