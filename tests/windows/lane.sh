#!/bin/bash
# Runs the Pester files of a lane's queue on a fresh Windows, which is gone afterwards: lane.sh RESULTS SETTINGS, the settings as a Windows
# path. A file that does not end in time, or ends its PowerShell, counts as one failure, and another PowerShell takes the files after it.
set -euo pipefail
cd "$(dirname "$0")"
results=$1 settings=$2
windows=$results/windows queue=$results/queue-Windows tally=$results/Windows.jsonl
# Many times what the longest takes, because the lane shares its machine with the others.
seconds=${S3MULTIPART_WINDOWS_FILE_SECONDS:-900}

end_windows() { WINEPREFIX=$windows/prefix /usr/lib/wine/wineserver64 -k -w || true; }
trap 'end_windows; rm -rf "$windows"' EXIT
./layout.sh "$windows"

while left=$(ls "$queue"); [ -n "$left" ]; do
    touch "$queue"
    ./run.sh "$windows" 'C:\pwsh\pwsh.exe' -NoLogo -NoProfile -NonInteractive -File Start-Lane.ps1 "$settings" &
    shell=$!
    why=
    while sleep 1; kill -0 $shell 2>/dev/null; do
        # The folder of the queue changes with each file that is taken out of it.
        if [ -z "$why" ] && (($(date +%s) - $(stat -c %Y "$queue") > seconds)); then
            why="did not end within $seconds seconds"
            kill $shell
            end_windows
        fi
    done
    code=0
    wait $shell || code=$?
    [ "$left" != "$(ls "$queue")" ] || { echo "PowerShell took no file from $queue, and ended with exit code $code." >&2; exit 1; }

    # The file that was taken last, as a Windows path.
    name=$(cat "$(ls "$results"/*.Windows | tail -1)")
    name=${name##*\\}
    if ! grep -qF "\"Name\":\"$name " "$tally"; then
        printf '{"Name":"%s on Windows","Passed":0,"Failed":1,"Skipped":0,"Seconds":%d,"Failures":["%s"]}\n' \
            "$name" "$seconds" "${why:-ended its PowerShell with exit code $code}" >>"$tally"
    elif [ $code -ne 0 ]; then exit $code; fi
done
