#!/usr/bin/env bash
# Installs the emulators into build/emulators, the versions of requirements.txt and pom.xml: needs python3, java and mvn.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=$(cd "$here/../../.." && pwd)/build/emulators
want=$(cat "$here/requirements.txt" "$here/pom.xml" | sha256sum)
if [ "$(cat "$to/installed" 2>/dev/null)" = "$want" ]; then exit 0; fi
for program in python3 java mvn; do
  command -v "$program" >/dev/null || { echo "make test-emulators needs $program: apt-get install python3-venv default-jre-headless maven" >&2; exit 1; }
done
echo "installing the emulators (once)"
rm -rf "$to" && mkdir -p "$to"
python3 -m venv "$to/python"
"$to/python/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
mvn --quiet --batch-mode --file "$here/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$to/jars"
echo "$want" >"$to/installed"
