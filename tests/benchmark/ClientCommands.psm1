# The command line of each client for a job: an endpoint, a bucket, and a folder or a named pipe to send from.

$s_program = Join-Path $PSScriptRoot '../../out/build/bin/Clients/release' ($IsWindows ? 'Clients.exe' : 'Clients')
Import-Module (Join-Path $PSScriptRoot '../tools/Shell.psm1'), (Join-Path $PSScriptRoot '../tools/PrecompiledShell.psm1')
$s_javaScript = Join-Path $PSScriptRoot 'js'
# Debian's, which uses AWS's C client where its configuration says so.
$s_crtProgram, $s_crtPython = '/usr/bin/aws', '/usr/bin/python3'

function Get-InstalledClient {
    <# .SYNOPSIS Other makers' clients, each with its Version, which is null where it is not installed. #>
    $ask = {
        param($name, $argument)
        if (Get-Command $name -CommandType Application -ErrorAction Ignore) {
            (& $name $argument 2>&1 | Select-Object -First 1) -as [string]
        }
    }
    $library = Join-Path $s_javaScript 'node_modules/@aws-sdk/lib-storage/package.json'
    [pscustomobject]@{ Name = 'aws'; Version = & $ask aws --version }
    [pscustomobject]@{
        Name = 'aws crt'
        Version = if ((Test-Path $s_crtProgram) -and (& $s_crtPython -c 'import awscrt; print(1)' 2>$null)) {
            "with AWS's C client: " + (& $ask $s_crtProgram --version)
        }
    }
    [pscustomobject]@{ Name = 'rclone'; Version = & $ask rclone version }
    [pscustomobject]@{
        Name = 'lib-storage'
        Version = if ((Test-Path $library) -and (& $ask node --version)) {
            '@aws-sdk/lib-storage ' + (Get-Content $library -Raw | ConvertFrom-Json).version + ', node ' + (& $ask node --version)
        }
    }
}

function Get-ClientProgram { $s_program }

# PowerShell as its installers bring it, with assemblies that are precompiled; those of the .NET tool are not.
function Get-InstalledShell {
    $library = Get-PrecompiledShell -Make
    if ($library) { 'dotnet', $library, '-NoProfile', '-NonInteractive' } else { Get-ShellCommand }
}

function Get-ClientCommand {
    <# .SYNOPSIS The Command and the Environment with which a client does a job; null if the client cannot. #>
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [psobject] $Job)
    $environment = @{
        AWS_ACCESS_KEY_ID = 'testaccess'; AWS_SECRET_ACCESS_KEY = 'testsecret'; AWS_REGION = 'us-east-1'; AWS_DEFAULT_REGION = 'us-east-1'
        AWS_EC2_METADATA_DISABLED = 'true'; AWS_CONFIG_FILE = '/dev/null'; AWS_SHARED_CREDENTIALS_FILE = '/dev/null'
        SSL_CERT_FILE = $Job.CaFile; AWS_CA_BUNDLE = $Job.CaFile; NODE_EXTRA_CA_CERTS = $Job.CaFile; NODE_NO_WARNINGS = '1'
    }
    $command = switch -Wildcard ($Name) {
        'idle' { (Get-InstalledShell) + '-Command' + "Import-Module '$($Job.ModulePath)/S3Multipart.psd1'" }
        'bare shell' { (Get-InstalledShell) + '-Command' + '$null' }
        'S3Multipart tool' { (Get-ShellCommand) + '-Command' + (Get-Pipeline $Name $Job); break }
        'bare shell tool' { (Get-ShellCommand) + '-Command' + '$null' }
        'S3Multipart*' {
            if ($Name -eq 'S3Multipart amazon') { $environment.HTTPS_PROXY = $Job.AmazonProxy }
            (Get-InstalledShell) + '-Command' + (Get-Pipeline $Name $Job)
        }
        'floor' { @($s_program, 'floor') + (Get-ProgramArgument $Job) }
        'floor put' { @($s_program, 'floor', '--put') + (Get-ProgramArgument $Job) }
        'TransferUtility' { @($s_program, 'transferutility') + (Get-ProgramArgument $Job) }
        'TransferUtility tuned' {
            @($s_program, 'transferutility', '--tuned') + (Get-ProgramArgument $Job) +
                @(if ($Job.Endpoint -like 'https:*') { '--unsigned' })
        }
        'aws crt' {
            $environment.AWS_CONFIG_FILE = Join-Path $PSScriptRoot 'aws-crt.config'
            if ($Job.Pipe -or $Job.IsRelayed) { $null }
            else {
                $s_crtProgram, 's3', 'cp', '--only-show-errors', '--recursive', '--endpoint-url', $Job.Endpoint, $Job.Folder,
                    "s3://$($Job.Bucket)/"
            }
        }
        'aws' {
            if ($Job.Pipe) {
                'bash', '-c', 'exec aws s3 cp --only-show-errors --endpoint-url "$0" - "s3://$1/stream" < "$2"', $Job.Endpoint,
                    $Job.Bucket, $Job.Pipe
            }
            else {
                'aws', 's3', 'cp', '--only-show-errors', '--recursive', '--endpoint-url', $Job.Endpoint, $Job.Folder, "s3://$($Job.Bucket)/"
            }
        }
        'rclone' {
            # It takes one of these or --ca-cert.
            $environment.AWS_CA_BUNDLE = ''
            $remote = ':s3,provider=Other,access_key_id=testaccess,secret_access_key=testsecret,region=us-east-1,' +
                "endpoint='$($Job.Endpoint)':$($Job.Bucket)"
            $settings = "--s3-chunk-size=$($Job.PartSize)B", "--s3-upload-concurrency=$($Job.Throttle)", "--transfers=$($Job.Throttle)",
                '--s3-no-check-bucket', '--ca-cert', $Job.CaFile,
                # The endpoint that throws bodies away has no MD5 to give as ETag.
                '--ignore-checksum', '--s3-use-multipart-etag=false'
            if ($Job.Pipe) { @('bash', '-c', 'pipe=$0; exec rclone rcat "$@" < "$pipe"', $Job.Pipe, "$remote/stream") + $settings }
            else { @('rclone', 'copy', '--no-check-dest', $Job.Folder, $remote) + $settings }
        }
        'lib-storage' {
            'node', (Join-Path $s_javaScript 'upload.js'), $Job.Endpoint, $Job.Bucket, ($Job.Pipe ? $Job.Pipe : $Job.Folder),
                $Job.PartSize, $Job.Throttle
        }
        default { throw "There is no client $Name." }
    }
    if ($command) { [pscustomobject]@{ Command = [string[]]$command; Environment = $environment } }
}

function Get-ProgramArgument([psobject] $Job) {
    '--endpoint', $Job.Endpoint, '--bucket', $Job.Bucket, '--part-size', $Job.PartSize, '--throttle', $Job.Throttle
    if ($Job.Pipe) { '--stream', $Job.Pipe } else { '--folder', $Job.Folder }
}

function Get-Pipeline([string] $Name, [psobject] $Job) {
    $at = "-BucketName $($Job.Bucket) -AccessKey testaccess -SecretKey testsecret -Region us-east-1 -PartSize $($Job.PartSize)"
    if ($Name -ne 'S3Multipart amazon') { $at += " -EndpointUrl $($Job.Endpoint)" }
    if ($Name -eq 'S3Multipart unsigned') { $at += ' -DisablePayloadSigning' }
    $progress = if ($Name -eq 'S3Multipart progress') { 'Continue' } else { 'SilentlyContinue' }
    $begin = "`$ErrorActionPreference = 'Stop'; `$ProgressPreference = '$progress'; Import-Module '$($Job.ModulePath)/S3Multipart.psd1'; "
    if ($Name -eq 'S3Multipart send') {
        return "$begin Send-S3File '$($Job.Folder)' -Recurse $at -ThrottleLimit $($Job.Throttle) | Out-Null"
    }
    if ($Name -eq 'S3Multipart resume') { $at += ' -Resume' }
    $add = "Add-S3UploadPart -ThrottleLimit $($Job.Throttle)"
    $head = if ($Job.Pipe) { "New-S3MultipartUpload -Key stream $at" } else {
        "Get-ChildItem -LiteralPath '$($Job.Folder)' -File | New-S3MultipartUpload $at -ThrottleLimit $($Job.Throttle)"
    }
    if ($Job.Pipe) { $add += " -InputStream ([IO.File]::OpenRead('$($Job.Pipe)'))" }
    $begin + "$head | $add | Complete-S3MultipartUpload -ThrottleLimit $($Job.Throttle) | Out-Null"
}

Export-ModuleMember -Function Get-InstalledClient, Get-ClientCommand, Get-ClientProgram
