#!/bin/bash
# Kills the radosgw that start.sh DIR started, or starts it again with the same configuration, ports and stored data.
#
# Usage: rgw.sh kill|start DIR
set -euo pipefail
dir=$(cd "${2:?usage: rgw.sh kill|start DIR}" && pwd)
export CEPH_CONF=$dir/ceph.conf

case $1 in
    kill)
        # start.sh writes the gateway's process group last.
        group=$(tail -n 1 "$dir/pids")
        tr '\0' ' ' < "/proc/$group/cmdline" | grep -q -F "radosgw -f -n client.rgw -c $CEPH_CONF"
        kill -9 -- "-$group"
        ;;
    start)
        port=$(sed -n 's/^rgw frontends = .* endpoint=127.0.0.1:\([0-9]*\) .*/\1/p' "$CEPH_CONF")
        setsid timeout --foreground -s KILL "${MAX_S:-3600}" radosgw -f -n client.rgw -c "$CEPH_CONF" </dev/null >"$dir/rgw.out" 2>&1 &
        echo "$!" >> "$dir/pids"
        for _ in $(seq 1500); do
            [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/")" = 200 ] && exit
            kill -0 "$!"
            sleep 0.02
        done
        exit 1
        ;;
esac
