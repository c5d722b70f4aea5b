#!/usr/bin/env bash
# Installs what the tests in real editors need, on Debian 12 with Node 20. Quick when all of it is there.
# The last line printed is the path of code-server's entry.
set -euo pipefail

version=4.100.3
target="${XDG_CACHE_HOME:-$HOME/.cache}/pillion-tests/code-server-$version"

install_packages() {
    local missing=() name
    for name in chromium fonts-dejavu-core ripgrep libkrb5-dev neovim emacs-nox elpa-lsp-mode elpa-eglot; do
        dpkg-query --show --showformat='${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
    done
    if ((${#missing[@]} == 0)); then return; fi
    echo "Installing ${missing[*]}…" >&2
    local as_root=()
    if ((EUID != 0)); then as_root=(sudo); fi
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# code-server's own install script fetches a ripgrep from outside the registry. So no script of any package runs at
# first; the system's ripgrep is put where that one would be, and then the native modules are built.
install_code_server() {
    echo "Installing code-server $version (a minute or two)…" >&2
    folder="$target.$$"
    trap 'rm -rf "$folder"' EXIT
    mkdir -p "$folder"
    (
        export npm_config_yes=true npm_config_unsafe_perm=true npm_config_loglevel=error
        export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false
        cd "$folder"
        echo '{"private": true}' >package.json
        npm install --ignore-scripts "code-server@$version"
        npm rebuild argon2
        cd node_modules/code-server/lib/vscode
        npm install --omit=dev --ignore-scripts
        mkdir -p node_modules/@vscode/ripgrep/bin
        ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
        npm rebuild
        ln -sfn node_modules node_modules.asar
        ln -sf code-linux.sh bin/remote-cli/code-server
        ln -sf browser-linux.sh bin/helpers/browser.sh
        cd extensions
        npm install --omit=dev --ignore-scripts
    ) >&2
    version_of "$folder" >/dev/null
    rm -rf "$target"
    mv -T "$folder" "$target"
}

# Runs it from an empty home: it writes a configuration file there.
version_of() {
    local home
    home=$(mktemp -d)
    HOME="$home" XDG_CONFIG_HOME="$home" XDG_DATA_HOME="$home" node "$1/node_modules/code-server/out/node/entry.js" --version
    rm -rf "$home"
}

install_packages
if [[ ! -d $target ]]; then install_code_server; fi
version_of "$target" >&2
echo "$target/node_modules/code-server/out/node/entry.js"
