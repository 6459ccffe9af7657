#!/bin/sh
# Runs a command, and again up to twice if it fails, for downloads on an unreliable network.
# Usage: scripts/retry.sh COMMAND... The command must be safe to repeat.

for pause in 5 20; do
    "$@" && exit 0
    echo "nbstream: that failed; trying again in $pause s" >&2
    sleep "$pause"
done
exec "$@"
