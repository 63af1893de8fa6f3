#!/bin/bash
# Installs Ceph RADOS Gateway from Debian's packages, for the tests: about 70 MB. Needs root.
set -euo pipefail
command -v radosgw ceph-mon ceph-osd openssl curl >/dev/null && exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends radosgw ceph-mon ceph-osd openssl curl
