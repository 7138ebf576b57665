#!/usr/bin/env bash
# Runs every fuzz target of the workspace for a time, two at once. Usage: fuzz.sh 20s
set -euo pipefail
cd "$(dirname "$0")/../.."
time=${1:-20s}

# Go before 1.27 sometimes fails a target as its time ends, without an input that fails:
# https://go.dev/issue/75804.
ended() { [[ $1 == *$'\n    context deadline exceeded\n'* && $1 != *'Failing input'* && $1 != *panic* ]]; }

fuzz() {
  local output
  if ! output=$(go test -vet=off -run '^$' -parallel 1 -fuzz "^$2\$" -fuzztime "$time" -fuzzminimizetime 1x "./$1" 2>&1) && ! ended "$output"; then
    printf '%s\n' "$output"
    return 1
  fi
  echo "fuzz $1 $2 for $time: $(grep -o 'execs: [0-9]*' <<<"$output" | tail -n 1)"
}
export -f fuzz ended
export time

grep -rE '^func Fuzz[A-Z]' --include='*_test.go' shared lambdas worker cdk | sort |
  sed -nE 's|^(.*)/[^/]*:func (Fuzz[A-Za-z0-9_]+)\(.*|\1 \2|p' |
  xargs -P 2 -L 1 bash -c 'fuzz "$0" "$1"'
