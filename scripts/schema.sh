#!/bin/sh
# Rewrites the one migration from the tables. Only until the first release: after that a change of the tables is a
# migration of its own (wenze db revision "Say what changes").
set -eu
cd "$(dirname "$0")/.."

data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
rm -f migrations/versions/*.py
mkdir -p migrations/versions
WENZE_DATA="$data" DATABASE_URL="" .venv/bin/wenze db revision "First schema" --id 0001
sed -i '/# ### /d' migrations/versions/*.py
.venv/bin/python -m ruff format --quiet migrations
.venv/bin/python -m ruff check --quiet --fix migrations
