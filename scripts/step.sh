#!/bin/sh
# Prints a heading, runs a command and prints how long it took. Exits with the command's status.
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
