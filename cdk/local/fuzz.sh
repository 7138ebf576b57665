#!/usr/bin/env bash
# Runs every fuzz target of the workspace for a time. Usage: fuzz.sh 20s
set -euo pipefail
cd "$(dirname "$0")/../.."
time=${1:-20s}
grep -rlE '^func Fuzz[A-Z]' --include='*_test.go' shared lambdas worker cdk | sort | while read -r file; do
  dir=$(dirname "$file")
  for target in $(sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/p' "$file"); do
    echo "fuzz $target in $dir for $time"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "./$dir"
  done
done
