#!/bin/sh
# Compiles the hashed requirement files from pyproject.toml. They name versions and hashes, never where to fetch from.
set -eu
cd "$(dirname "$0")/.."
. scripts/system.sh

if [ ! -x .venv-lock/bin/uv ]; then
    find_python
    "$PYTHON" -m venv .venv-lock
    .venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
fi

compile() {
    .venv-lock/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate \
        --python-version 3.11 --universal "$@"
}

compile pyproject.toml -o requirements/run.txt
compile pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt
compile requirements/node.in -o requirements/node.txt
