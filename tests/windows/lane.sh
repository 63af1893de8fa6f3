#!/bin/bash
# Runs the Pester files of a queue on a fresh Windows, which is gone afterwards: lane.sh DIR SETTINGS, the settings as a Windows path.
set -euo pipefail
cd "$(dirname "$0")"
trap 'WINEPREFIX="$1/prefix" /usr/lib/wine/wineserver64 -k || true; rm -rf "$1"' EXIT
./layout.sh "$1"
# A lane that hangs is to fail, not to last for ever.
timeout -k 10 1800 ./run.sh "$1" 'C:\pwsh\pwsh.exe' -NoLogo -NoProfile -NonInteractive -File Start-Lane.ps1 "$2"
