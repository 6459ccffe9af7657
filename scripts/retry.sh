#!/bin/sh
# Knows: that what a network refuses now it may give later. Refuses to know: what it is asked for.
# Usage: scripts/retry.sh COMMAND... The command must be one that can be begun again.

for pause in 5 20; do
    "$@" && exit 0
    echo "nbstream: that failed; trying again in $pause s" >&2
    sleep "$pause"
done
exec "$@"
