#!/usr/bin/env bash
# Find the browser that the browser tests need, install it where that is allowed, else say what is missing.
set -euo pipefail

found() {
    [ -n "${KG_CHROMIUM:-}" ] && [ -x "$KG_CHROMIUM" ] && return
    command -v chromium chromium-browser google-chrome-stable google-chrome >/dev/null
}

found && exit 0
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    echo "installing Chromium with apt-get ..."
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
found && exit 0
echo "error: no Chromium found and it cannot be installed from here; install it (Debian: apt-get install chromium)," \
    "or name one: KG_CHROMIUM=/path/to/chrome make e2e" >&2
exit 1
