#!/bin/sh
# Sets up what a target needs and nothing twice. Usage: setup.sh run|dev|test
#
#   run   Python environment, front-end bundle
#   dev   the same environment with the linters and pytest (no bundle)
#   test  dev, the bundle, and the programs that tests drive: a browser, CJK fonts, PostgreSQL
#
# A stamp holds the hash of what a step was built from; the step is skipped while the hash is the same.
set -eu
cd "$(dirname "$0")/.."
. scripts/system.sh

# hash_of FILE...: one hash over the names and contents of the files
hash_of() { sha256sum "$@" | sha256sum | cut -d' ' -f1; }

# is_done STAMP HASH
is_done() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

make_environment() { # FOLDER
    if [ -x "$1/bin/python" ] && "$1/bin/python" -m pip --version >/dev/null 2>&1; then return; fi
    find_python
    say "建立 Python 环境 $1" "Creating $1"
    rm -rf "$1"
    "$PYTHON" -m venv "$1"
}

install_lock() { # FOLDER LOCK
    stamp="$1/.lock-$(basename "$2" .txt)"
    hash=$(hash_of "$2")
    if is_done "$stamp" "$hash"; then return; fi
    say "安装依赖 $2" "Installing $2"
    rm -f "$1"/.lock-*
    # Wheels only: a bare machine has no compiler, and no package may run code of its own while it is installed.
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --only-binary :all: --require-hashes -r "$2"
    echo "$hash" >"$stamp"
}

# The product runs from its checkout; the console script only has to find it. -P keeps a stray ./app out of the path.
write_console_script() {
    cat >.venv/bin/wenze.new <<'SCRIPT'
#!/bin/sh
bin=$(dirname "$(readlink -f "$0")")
PYTHONPATH="$(dirname "$(dirname "$bin")")" exec "$bin/python" -P -m app.cli "$@"
SCRIPT
    chmod 755 .venv/bin/wenze.new
    mv .venv/bin/wenze.new .venv/bin/wenze
}

python_environment() { # LOCK
    make_environment .venv
    # The development lock contains the run lock, so an environment with it is good for running too.
    if [ "$1" = run ] && is_done .venv/.lock-dev "$(hash_of requirements/dev.txt)"; then set -- dev; fi
    install_lock .venv "requirements/$1.txt"
    write_console_script
}

# Message catalogues are compiled here, not kept in the repository.
compile_translations() {
    catalogues=$(find app -path '*/LC_MESSAGES/*.po' | LC_ALL=C sort)
    if [ -z "$catalogues" ]; then return; fi
    # shellcheck disable=SC2086  (a list of words)
    hash=$(hash_of $catalogues)
    if is_done .venv/.translations "$hash" && [ -f "${catalogues%%.po*}.mo" ]; then return; fi
    .venv/bin/python -m babel.messages.frontend --quiet compile --directory app/translations
    echo "$hash" >.venv/.translations
}

case "${1:-}" in
run)
    python_environment run
    compile_translations
    sh scripts/frontend.sh
    ;;
dev)
    python_environment dev
    compile_translations
    ;;
test)
    python_environment dev
    compile_translations
    sh scripts/frontend.sh
    install_test_programs
    ;;
*)
    echo "usage: setup.sh run|dev|test" >&2
    exit 2
    ;;
esac
