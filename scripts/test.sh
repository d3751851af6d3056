#!/bin/sh
# Runs every test. Two processes share what is quick and the slow tests; the browser has the machine to itself
# afterwards, so that its waits measure the product and not a busy core.
set -u
cd "$(dirname "$0")/.."

# pytest answers 5 when it was given nothing to run.
run() {
    .venv/bin/python -m pytest -rfEs --durations=25 --durations-min=5 "$@"
    code=$?
    [ "$code" = 5 ] && code=0
    [ "$code" = 0 ] || failed=$code
}

failed=0
run -n 2 --dist loadfile --no-loadscope-reorder -m "not browser"
run -m browser
exit "$failed"
