# What the operating system has to provide. Sourced by the other scripts; on Debian and Ubuntu root installs what is
# missing, anybody else is told the command.

say() { printf '%s / %s\n' "$1" "$2"; }

fail() {
    say "$1" "$2" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# apt_install PACKAGE...: false when it cannot be done here. The package lists are fetched once, and again after a failure.
apt_install() {
    is_root && command -v apt-get >/dev/null 2>&1 || return 1
    say "安装系统软件包 $*" "Installing system packages $*"
    log=$(mktemp)
    for attempt in 1 2 3; do
        [ -n "${apt_updated:-}" ] || apt-get update -qq >"$log" 2>&1 || true
        apt_updated=1
        if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >"$log" 2>&1 </dev/null; then
            rm -f "$log"
            return 0
        fi
        apt_updated=""
        sleep "$((attempt * 3))"
    done
    tail -n 5 "$log" >&2
    rm -f "$log"
    return 1
}

is_recent_python() { # COMMAND: 3.11 or later, able to make a virtual environment with pip in it
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Sets PYTHON, or ends with the command that would help.
find_python() {
    for round in here installed; do
        for candidate in ${PYTHON:-python3} python3.13 python3.12 python3.11; do
            if is_recent_python "$candidate"; then
                PYTHON=$candidate
                return
            fi
        done
        [ "$round" = here ] || break
        # Debian 12 and Ubuntu 24.04 carry a recent python3; Ubuntu 22.04 has 3.11 beside its own.
        apt_install python3 python3-venv || true
        is_recent_python python3 || apt_install python3.11 python3.11-venv || break
    done
    fail "需要 Python 3.11 或更高版本及 venv，请执行：sudo apt-get install python3 python3-venv" \
        "Python 3.11+ with venv is needed: sudo apt-get install python3 python3-venv"
}

has_browser() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }

# The tests look for CJK glyphs in what they render; without a font every letter would be the same box.
has_cjk_font() { ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1; }

# The PDF beside a paper. Without it the product offers the .docx alone.
has_office() { command -v soffice >/dev/null 2>&1 || command -v libreoffice >/dev/null 2>&1; }

has_postgresql() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1; }

# Tests of what is still missing afterwards are skipped by name (tests/conftest.py), and fail when CI is set.
install_test_programs() {
    missing=""
    has_browser || missing="$missing chromium"
    has_cjk_font || missing="$missing fonts-noto-cjk"
    has_postgresql || missing="$missing postgresql"
    has_office || missing="$missing libreoffice-writer-nogui"
    if [ -z "$missing" ]; then return; fi
    # shellcheck disable=SC2086  (a list of words)
    apt_install $missing || say "缺少$missing，相关测试将被跳过：sudo apt-get install$missing" \
        "Without$missing some tests are skipped: sudo apt-get install$missing"
}
