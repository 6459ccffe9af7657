#!/bin/sh
# Runs all Python tests with pytest: those with a browser in the foreground, three files at a time,
# and the others in the background, since a notebook's test waits most of its time. Prints the
# others' output at the end.
# Usage: scripts/pytest.sh PYTHON [FOLDER]
# FOLDER/found lists more interpreters (scripts/pythons.sh): the pure tests run on each as well.

python=$1
folder=$2

# A background shell passes a signal on to the tests it waits for.
run() {
    printf '\n== pytest %s, %s\n' "$*" "$("$python" --version)"
    "$python" -m pytest "$@" -p no:cacheprovider &
    children="$children $!"
}

# The tests in these folders mostly wait, for servers and for processes of their own.
waiting="tests/generation tests/live tests/many tests/mcp tests/sources tests/streams tests/transport"

others() {
    trap 'kill $children 2>/dev/null; exit 143' TERM
    run $waiting >"$logs/waiting" 2>&1
    slowest=$!
    run --ignore=tests/notebook --ignore=tests/hosts $(printf -- '--ignore=%s ' $waiting) \
        >"$logs/others" 2>&1
    wait $! || failed=1
    # The further Pythons run side by side, while the last of the waiting tests end.
    pures=
    for python in $([ -z "$folder" ] || cat "$folder/found"); do
        run --pure --quiet >"$logs/$("$python" --version)" 2>&1
        pures="$pures $!"
    done
    for child in $slowest $pures; do
        wait "$child" || failed=1
    done
    return "${failed:-0}"
}

logs=$(mktemp -d)
others &
beside=$!
trap 'kill "$beside" 2>/dev/null; rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM

# The tests of a file share a server, so they stay in one process.
"$python" -m pytest tests/notebook tests/hosts -n 3 --dist loadfile
notebooks=$?
wait "$beside"
status=$?
printf '\n== the tests that ran beside the notebooks\n'
cat "$logs"/*
[ "$notebooks" -eq 0 ] && [ "$status" -eq 0 ]
