#!/usr/bin/env bash
# Runs the pinned golangci-lint over the four modules, actionlint over the hosted
# workflows, and shell syntax checks.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=$PWD/build/tools

# install NAME VERSION PACKAGE: builds a tool, unless this version of it is there.
install() {
  local stamp=$tools/.$1-$2
  [ ! -e "$stamp" ] || return 0
  echo "installing $1 $2 into build/tools"
  GOBIN=$tools GOWORK=off go install "$3@$2"
  touch "$stamp"
}

install golangci-lint v2.7.2 github.com/golangci/golangci-lint/v2/cmd/golangci-lint
install actionlint v1.7.12 github.com/rhysd/actionlint/cmd/actionlint
status=0
for m in shared lambdas worker cdk; do
  echo "lint $m"
  (cd "$m" && "$tools/golangci-lint" run ./...) || status=1
done
"$tools/actionlint" .github/workflows/*.yml
for f in $(git ls-files "*.sh") .ci/run; do bash -n "$f"; done
exit $status
