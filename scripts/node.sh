#!/bin/sh
# Checks that Node and npm are installed and new enough to build the front end.

version=$(node --version 2>/dev/null)
major=${version#v}
major=${major%%.*}
if [ "${major:-0}" -ge 20 ] && npm --version >/dev/null 2>&1; then
    exit 0
fi

cat >&2 <<END
nbstream: building the front end needs Node 20 or newer with npm (found: ${version:-none}).
  Debian 13, Ubuntu 26.04, Fedora:  install the packages nodejs and npm
  macOS:                            brew install node
  elsewhere:                        the installers of the Node.js project
A wheel of nbstream needs no Node; only a checkout does.
END
exit 1
