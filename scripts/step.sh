#!/bin/sh
# Knows: how long a step took, and that a failed one ends the run. Refuses to know: what it does.
# Usage: scripts/step.sh NAME COMMAND...

name=$1
shift
begin=$(date +%s)
printf '\n== %s\n' "$name"
"$@"
status=$?
word=took
[ "$status" -eq 0 ] || word="FAILED (exit $status) after"
printf '== %s %s %d s\n' "$name" "$word" "$(($(date +%s) - begin))"
exit "$status"
