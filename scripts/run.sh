#!/bin/sh
# Brings the database up to date, loads the demo cases once, and serves. Called by `make run` after set-up.
set -eu
cd "$(dirname "$0")/.."
export WENZE_DEMO="${WENZE_DEMO:-1}"

exec .venv/bin/wenze serve --prepare
