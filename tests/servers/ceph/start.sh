#!/bin/bash
# Starts a throw-away one-node Ceph (mon, memstore osd, radosgw) on 127.0.0.1: no manager, no authentication inside, free ports.
#
# Usage: start.sh DIR
#   Needs the Debian packages radosgw ceph-mon ceph-osd (apt-get install --no-install-recommends), openssl and curl.
#   Writes DIR/env (endpoints, CA file, keys: source it), DIR/pids (for stop.sh), and the daemons' logs.
#   MAX_S           each daemon kills itself after so many seconds (default 3600)
#   OSD_BYTES       the most data it can hold (default 8 GiB, in memory)
#   S3_ACCESS_KEY, S3_SECRET_KEY, KMS_KEY (base64 of 32 bytes)
#   RGW_EXTRA       further lines for radosgw's configuration
set -euo pipefail

dir=$(mkdir -p "${1:?usage: start.sh DIR}" && cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
[ -e "$dir/pids" ] && { echo "$dir/pids exists: stop that one first" >&2; exit 1; }
access=${S3_ACCESS_KEY:-testaccess}
secret=${S3_SECRET_KEY:-testsecret}
kms=${KMS_KEY:-$(head -c 32 /dev/urandom | base64 -w0)}
export CEPH_CONF=$dir/ceph.conf
mkdir -p "$dir/mon" "$dir/osd"
: > "$dir/pids"
trap 'code=$?; [ $code = 0 ] || { echo "Ceph did not start, see $dir/*.log $dir/*.out" >&2; "$here/stop.sh" "$dir"; }' EXIT

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
    local port
    while port=$(shuf -i 20000-32000 -n 1); do
        listens "$port" || { echo "$port"; return; }
    done
}

mon_port=$(free_port)
http_port=$(free_port)
tls_port=$(free_port)

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost \
    -addext "subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1" \
    -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null

# Essential: 'ms mon client mode' (else radosgw never connects without authentication), 'objecter tick interval' (else the start
# takes up to five seconds more), 'tcp_nodelay' (else a small answer takes 40 ms) and the 'rgw gc' lines (else deleted data stays in
# memory).
cat > "$CEPH_CONF" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$mon_port/0]
public addr = 127.0.0.1
ms bind msgr1 = false
auth cluster required = none
auth service required = none
auth client required = none
run dir = $dir
crash dir = $dir
pid file =
admin socket =
log file = $dir/\$name.log
log to stderr = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon client hunt interval = 0.5
[mon]
mon data = $dir/mon
mon allow pool size one = true
paxos propose interval = 0.02
paxos min wait = 0.01
mon tick interval = 1
mon data avail crit = 1
mon data avail warn = 1
mon cluster log to file = false
[osd]
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = ${OSD_BYTES:-8589934592}
osd op num shards = 2
[client]
ms mon client mode = crc
objecter tick interval = 0.1
rgw frontends = beast tcp_nodelay=1 endpoint=127.0.0.1:$http_port ssl_endpoint=127.0.0.1:$tls_port ssl_certificate=$dir/cert.pem ssl_private_key=$dir/key.pem
rgw dns name = localhost
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = testkey-1=$kms testkey-2=$kms
rgw rados pool pg num min = 1
rgw num control oids = 1
rgw gc max objs = 1
rgw lc max objs = 1
rgw objexp hints num shards = 1
rgw reshard num logs = 1
rgw data log num shards = 1
rgw md log max shards = 1
rgw override bucket index max shards = 1
rgw dynamic resharding = false
rgw run sync thread = false
rgw thread pool size = 32
rgw gc obj min wait = 2
rgw gc processor period = 2
rgw gc processor max time = 2
rgw enable apis = s3, admin
${RGW_EXTRA:-}
CONF

# Each daemon leads a process group of its own, whose id goes to DIR/pids, and dies by itself when nobody stops it.
daemon() {
    local name=$1
    shift
    setsid timeout --foreground -s KILL "${MAX_S:-3600}" "$@" -c "$CEPH_CONF" </dev/null >"$dir/$name.out" 2>&1 &
    last=$!
    echo "$last" >> "$dir/pids"
}

until_ok() {
    for _ in $(seq 1500); do
        "$@" && return
        kill -0 "$last"
        sleep 0.02
    done
    return 1
}

answers() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$http_port/")" = 200 ]; }

monmaptool --create --clobber --fsid "$(sed -n 's/^fsid = //p' "$CEPH_CONF")" --addv a "[v2:127.0.0.1:$mon_port/0]" "$dir/monmap" >/dev/null
ceph-osd -i 0 --mkfs --no-mon-config --osd-uuid "$(cat /proc/sys/kernel/random/uuid)" -c "$CEPH_CONF" >"$dir/mkfs.out" 2>&1
ceph-mon -i a --mkfs --monmap "$dir/monmap" -c "$CEPH_CONF"
daemon mon ceph-mon -f -i a
until_ok listens "$mon_port"
daemon osd ceph-osd -f -i 0
timeout 60 radosgw-admin user create --uid test --display-name test --access-key "$access" --secret-key "$secret" \
    -c "$CEPH_CONF" >"$dir/admin.out" 2>&1
daemon rgw radosgw -f -n client.rgw
until_ok answers

cat > "$dir/env" <<ENV
export S3_HTTP=http://127.0.0.1:$http_port S3_HTTPS=https://127.0.0.1:$tls_port S3_CA=$dir/cert.pem
export AWS_ACCESS_KEY_ID=$access AWS_SECRET_ACCESS_KEY=$secret AWS_REGION=us-east-1
ENV
cat "$dir/env"
