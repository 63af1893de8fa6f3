#!/bin/bash
# Installs wine64 from Debian's packages, for the tests on Windows: about 0.7 GB. Needs root.
set -euo pipefail
[ ! -x /usr/lib/wine/wine64 ] || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends wine64
