#!/bin/sh
# Finds the Python interpreter that `make` creates the virtual environment with.
# Prints the newest of 3.11 to 3.14 that can make virtual environments. $PYTHON overrides the
# search.
# Each candidate is run: a name on PATH may be a shim for a version that is not active.

probe='
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 14):
    sys.exit(1)
import ensurepip, ssl, venv
print("%d%02d" % sys.version_info[:2], sys.executable)
'

candidates=${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}
for name in $candidates; do
    "$name" -c "$probe" 2>/dev/null
done | sort -rns | head -n 1 | cut -d' ' -f2- | grep . && exit 0

cat >&2 <<END
nbstream: found no Python 3.11, 3.12, 3.13 or 3.14 with the venv module (tried: $candidates).
  Debian, Ubuntu:  apt-get install python3 python3-venv
  Fedora:          dnf install python3
  macOS:           brew install python
or name one yourself:  make PYTHON=/path/to/python3 ...
END
exit 1
