# Loads the classes of tests/tools/TestTools, which is compiled with the solution.

Add-Type -LiteralPath (Join-Path $PSScriptRoot '../../out/build/bin/TestTools/release/TestTools.dll')
