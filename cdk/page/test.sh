#!/bin/sh
# Types and unit tests of the page and its client library.
set -eu
cd "$(dirname "$0")/../../shared/browser"
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
fi
npm test --silent
