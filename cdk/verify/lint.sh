#!/usr/bin/env bash
# Runs the pinned golangci-lint over the four modules, and shell syntax checks.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=v2.7.2
bin=$PWD/build/tools/golangci-lint
if [ ! -x "$bin" ]; then
  echo "installing golangci-lint $version into build/tools"
  GOBIN=$PWD/build/tools GOWORK=off go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
fi
for m in shared lambdas worker cdk; do
  echo "lint $m"
  (cd "$m" && "$bin" run ./...)
done
for f in $(git ls-files "*.sh") .ci/run; do bash -n "$f"; done
