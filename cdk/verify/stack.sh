#!/usr/bin/env bash
# Runs the tests that need the whole stack or a browser, as `make test-stack` does.
# Usage: stack.sh STAGE... - one stage after the other. A stage is lanes, side by side: words
# of packages of cdk, joined by "+", that run one after the other.
set -euo pipefail
cd "$(dirname "$0")/../.."
export tests=$PWD/build/tests
mkdir -p "$tests"

# All are compiled at once: one after the other, as they run, would be on one core.
# shellcheck disable=SC2046,SC2048,SC2086 # lists of words
go test -race -trimpath -vet=off -c -o "$tests/" $(printf './cdk/%s ' ${*//+/ })

# run tests a package as go test does: what it says is shown when it fails.
run() {
  local began=$SECONDS output
  if output=$(cd "cdk/$1" && "$tests/${1##*/}.test" -test.short -test.timeout 20m 2>&1); then
    echo "ok   cdk/$1 $((SECONDS - began))s"
  else
    printf '%s\nFAIL cdk/%s\n' "$output" "$1"
    return 1
  fi
}

lane() {
  local status=0
  for package in ${1//+/ }; do run "$package" || status=1; done
  return $status
}
export -f run lane

status=0
for stage; do
  # shellcheck disable=SC2086 # words
  printf '%s\n' $stage | xargs -P 0 -I '{}' bash -c 'lane "{}"' || status=1
done
exit $status
