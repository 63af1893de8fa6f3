param([string] $ModulePath, [hashtable] $Server)

BeforeDiscovery {
    # build.ps1 Faults runs the long version.
    $count = if ($env:S3MULTIPART_LONG_FAULTS) { 20000 } else { 2000 }
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http

    # In a PowerShell of its own. Used is the live heap after each thousand objects, in MB.
    function Measure-Line([string] $Line, [int] $Count) {
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $seen = Invoke-FreshPwsh -Arguments @{ ModulePath = $ModulePath; Bucket = $bucket; Url = $Server.Http; Count = $Count } -Script @"
            param(`$ModulePath, `$Bucket, `$Url, `$Count)
            `$ProgressPreference = 'SilentlyContinue'
            Import-Module "`$ModulePath/S3Multipart.psd1"
            `$at = @{ EndpointUrl = `$Url }
            `$seen = @{ Count = 0; Used = [Collections.Generic.List[double]]::new() }
            `$clock = [Diagnostics.Stopwatch]::StartNew()
            $Line | ForEach-Object {
                if (++`$seen.Count % 1000 -eq 0) { `$seen.Used.Add([Math]::Round([GC]::GetTotalMemory(`$true) / 1MB, 1)) }
            }
            `$seen.Seconds = `$clock.Elapsed.TotalSeconds
            `$seen
"@
        $requests = Get-LocalS3Request $Server.Http |
            ForEach-Object { $_ } | Group-Object operation | ForEach-Object { "$($_.Count) $($_.Name)" }
        Write-Host ('    {0}: {1:n0} in {2:n1} s, {3}, live heap {4:n1} to {5:n1} MB' -f ($Line -replace ' @at'), $seen.Count,
            $seen.Seconds, ($requests -join ' and '), ($seen.Used | Measure-Object -Minimum).Minimum,
            ($seen.Used | Measure-Object -Maximum).Maximum)
        $seen.Count | Should -Be $Count
        # Flat: what is held after the last thousand is what was held after the first, and a little.
        $seen.Used[-1] - $seen.Used[0] | Should -BeLessThan 4
        $requests
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Very many uploads in progress' -Tag NeedsRequestLog -ForEach @{ Server = $Server } {
    It '<_> are begun, listed and stopped with as many requests as that takes, in flat memory' -ForEach $count {
        Measure-Line ('1..$Count | ForEach-Object { [pscustomobject]@{ Key = "many/$_" } } | New-S3MultipartUpload -BucketName $Bucket ' +
            '@at -ThrottleLimit 16') $_ | Should -Be "$_ CreateMultipartUpload"
        Measure-Line 'Get-S3MultipartUpload $Bucket @at' $_ | Should -Be "$($_ / 1000) ListMultipartUploads"
        $requests = Measure-Line 'Get-S3MultipartUpload $Bucket @at | Stop-S3MultipartUpload -Force -PassThru -ThrottleLimit 16' $_
        $requests | Should -Contain "$_ AbortMultipartUpload"
        # Each stop is proved by the lists of its parts, before and after.
        [int]($requests -match 'ListParts' -split ' ')[0] | Should -BeLessOrEqual (2 * $_)
        Get-StoredUpload $bucket | Should -BeNullOrEmpty
    }
}
