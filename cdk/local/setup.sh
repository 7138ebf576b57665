#!/usr/bin/env bash
# Installs, or says how to install, what casey needs on this machine beyond Go and Node.
# Usage: setup.sh run|test
set -euo pipefail

needed="./lambdas/... ./worker/... ./cdk/local/cmd/..."
packages="gcc libc6-dev pkg-config libespeak-ng-dev libpocketsphinx-dev libsphinxbase-dev espeak-ng-data pocketsphinx-en-us opus-tools lame"
python3 -m pip --version >/dev/null 2>&1 || packages="$packages python3-pip" # fetches the engines; nothing else of Python runs
if [ "${1:-run}" != run ]; then
  needed="-test work"
  packages="$packages chromium pulseaudio pulseaudio-utils espeak-ng alsa-utils sox flac python3-venv"
  command -v firefox-esr firefox >/dev/null || packages="$packages firefox-esr"
fi

need() { command -v "$1" >/dev/null || { echo "casey needs $1: $2" >&2; exit 1; }; }
need go "install Go 1.26 or newer, see https://go.dev/doc/install"
need node "install Node 20 or newer with npm, see https://nodejs.org/"
need npm "install npm, it comes with Node"
case "$(go env GOVERSION)" in
  go1.2[0-5]*|go1.1*) echo "casey needs Go 1.26 or newer, this is $(go env GOVERSION)" >&2; exit 1 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "This is not Debian or Ubuntu: make sure that the equivalents of these packages are installed:" >&2
  echo "  $packages" >&2
  exit 0
fi

missing=""
for p in $packages; do
  dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
  if sudo -n true 2>/dev/null; then as_root="sudo"; else
    echo "These packages are missing. Please run:" >&2
    echo "  sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
  fi
fi
echo "installing$missing"
# Go's modules are fetched meanwhile. What cannot be is told when it is needed.
# shellcheck disable=SC2086 # words
(cd "$(dirname "$0")/../.." && exec go list -deps $needed) >/dev/null 2>&1 &
fetching=$!
log=$(mktemp)
trap 'rm -f "$log"; kill $fetching 2>/dev/null || true' EXIT
install_missing() {
  # shellcheck disable=SC2086 # a list of words
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >"$log" 2>&1
}
install_missing || { $as_root apt-get update >"$log" 2>&1 && install_missing; } || { tail -n 20 "$log" >&2; exit 1; }
wait $fetching || true
