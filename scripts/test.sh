#!/bin/sh
# Runs every test, in two processes. The browser comes afterwards, in three: there each waits for the page half the time.
# Of the browser's tests, and of no others, up to three that failed are asked once more, alone on the machine and from
# nothing (docs/decisions/0032): both runs are shown, and what fails again has failed.
set -u
cd "$(dirname "$0")/.."

tests() {
    .venv/bin/python -m pytest --dist loadfile --no-loadscope-reorder -rfEs --durations=25 --durations-min=5 "$@"
}

failed=0
tests -n 2 -m "not browser" || failed=$?
tests -n 3 -m browser
browser=$?
if [ "$browser" = 1 ]; then
    again=$(.venv/bin/python -m pytest -m browser --last-failed --last-failed-no-failures none --collect-only -q 2>/dev/null | grep -c '::')
    if [ "$again" -gt 0 ] && [ "$again" -le 3 ]; then
        echo "浏览器测试有 $again 项失败，单独再运行一次 / Browser tests that failed: $again; once more, alone:"
        tests -n 0 -m browser --last-failed --last-failed-no-failures none
        browser=$?
    fi
fi
# pytest answers 5 when it was given nothing to run.
[ "$browser" = 0 ] || [ "$browser" = 5 ] || failed=$browser
exit "$failed"
