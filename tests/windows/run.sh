#!/bin/bash
# Runs a Windows program in a layout, with this script's output as its own: run.sh DIR PROGRAM ARGUMENTS...
set -euo pipefail
prefix=$(realpath -m "${1:?usage: run.sh DIR PROGRAM ARGUMENTS...}")/prefix
# Nothing of this machine's own set-up goes along. File names are UTF-8.
# With the protection of its code pages that .NET has by default, it does not start under wine.
environment=(
    HOME="$HOME" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 SHELL=/bin/bash
    WINEPREFIX="$prefix" WINEDEBUG=-all WINEDLLOVERRIDES='mshtml=;winedbg.exe=d'
    DOTNET_ROOT='C:\dotnet' DOTNET_EnableWriteXorExecute=0 DOTNET_TieredPGO=0
    POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off NO_COLOR=1
)
# A console is a pseudo terminal here; without one, PowerShell ends at once and says nothing.
command=$(printf '%q ' exec /usr/lib/wine/wine64 "${@:2}")
exec 3>&1 4>&2
exec env -i "${environment[@]}" script -qec "$command >&3 2>&4" /dev/null </dev/null >/dev/null
