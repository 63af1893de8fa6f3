#!/bin/bash
# Ends what start.sh DIR started, and nothing else; --rm removes DIR too.
#
# Usage: stop.sh DIR [--rm]
dir=$(cd "${1:?usage: stop.sh DIR [--rm]}" && pwd) || exit 1
for group in $(tac "$dir/pids" 2>/dev/null); do
    # The id may be another process's by now. KILL, because on TERM the store would first write its data to disk.
    [ -r "/proc/$group/cmdline" ] && tr '\0' ' ' < "/proc/$group/cmdline" | grep -q -F -- "$dir/ceph.conf" && kill -9 -- "-$group"
done
rm -f "$dir/pids"
[ "${2:-}" = --rm ] && rm -rf "$dir"
exit 0
