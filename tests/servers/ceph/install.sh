#!/bin/bash
# Installs Ceph RADOS Gateway from Debian's packages, for the tests: about 70 MB. Needs root.
set -euo pipefail
missing=
# One at a time: given several names, command -v succeeds when it finds any of them.
for program in radosgw ceph-mon ceph-osd openssl curl; do command -v "$program" >/dev/null || missing=1; done
[ -n "$missing" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends radosgw ceph-mon ceph-osd openssl curl
