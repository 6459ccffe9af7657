#!/bin/sh
# Runs a command under a heading and prints how long it took. Its status is the command's.
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
