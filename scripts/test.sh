#!/bin/sh
# Runs every test, in two processes. The browser comes afterwards: with it each of them keeps a server and a browser busy.
set -u
cd "$(dirname "$0")/.."

# pytest answers 5 when it was given nothing to run.
run() {
    .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -rfEs --durations=25 --durations-min=5 "$@"
    code=$?
    [ "$code" = 5 ] && code=0
    [ "$code" = 0 ] || failed=$code
}

failed=0
run -m "not browser"
run -m browser
exit "$failed"
