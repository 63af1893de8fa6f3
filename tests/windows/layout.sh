#!/bin/bash
# Lays out a fresh Windows in a folder that does not exist yet: layout.sh DIR. In it are C:\pwsh, the Windows build of PowerShell that
# the .NET tool carries, and C:\dotnet, the runtime; both are links to what NuGet has restored.
set -euo pipefail
dir=$(realpath -m "${1:?usage: layout.sh DIR}")
cd "$(dirname "$0")"
mkdir -p "$(dirname "$dir")"
mkdir "$dir"

dotnet restore Runtime.csproj -v quiet
(cd ../.. && dotnet tool restore) >"$dir/layout.log"
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
version=$(sed -n 's/.*"version": "\([0-9.]*\)".*/\1/p' ../../.config/dotnet-tools.json | tail -1)
pwsh=${packages%/}/powershell/$version/tools/net10.0/any/win
[ -f "$pwsh/pwsh.exe" ] || { echo "The Windows build of PowerShell $version is not in $pwsh." >&2; exit 1; }

timeout 120 ./run.sh "$dir" wineboot --init &>>"$dir/layout.log"
# What it has started may still be registering; ended in the middle, it leaves a Windows without TLS.
WINEPREFIX=$dir/prefix timeout 60 /usr/lib/wine/wineserver64 -w || true
for setting in 'HKCU\Software\Wine /v Version /t REG_SZ /d win10' 'HKLM\Software\Wine\Drives /v z: /t REG_SZ /d network'; do
    timeout 60 ./run.sh "$dir" reg add $setting /f &>>"$dir/layout.log"
done
# Wine reads some of its settings as it starts.
WINEPREFIX=$dir/prefix /usr/lib/wine/wineserver64 -k -w || true

drive=$dir/prefix/drive_c
ln -s "$pwsh" "$drive/pwsh"
for name in WindowsDesktop NETCore; do
    package=$(realpath ../../out/packages/microsoft."${name,,}".app.runtime.win-x64/*)
    framework=$drive/dotnet/shared/Microsoft.$name.App/$(basename "$package")
    mkdir -p "$framework"
    ln -s "$package"/runtimes/win-x64/{lib/net10.0,native}/*.* "$framework"
done
host=$drive/dotnet/host/fxr/$(basename "$framework")
mkdir -p "$host"
ln -s "$framework/hostfxr.dll" "$host"
