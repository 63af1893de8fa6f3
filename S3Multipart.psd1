@{
    RootModule           = 'S3Multipart.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '92e9b82c-13dd-4f60-9535-b8b3e4145010'
    Author               = 'S3Multipart contributors'
    CompanyName          = 'S3Multipart contributors'
    Copyright            = '(c) S3Multipart contributors. Apache-2.0.'
    Description          =
        'Moves big data into Amazon S3 by multipart upload: in parallel, resumable, verified, encrypted as requested, from the pipeline.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')

    # Core is named here, and not left to be found by the cmdlets' assembly, so that [S3Multipart.MultipartUpload]
    # resolves before the first cmdlet has run.
    RequiredAssemblies   = @('S3Multipart.Core.dll')

    FormatsToProcess     = @('S3Multipart.Format.ps1xml')

    CmdletsToExport      = @(
        'Add-S3UploadPart'
        'Compare-S3Object'
        'Complete-S3MultipartUpload'
        'Get-S3MultipartUpload'
        'Get-S3UploadPart'
        'New-S3MultipartUpload'
        'Send-S3File'
        'Stop-S3MultipartUpload'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags         = @('AWS', 'S3', 'Multipart', 'Upload', 'Backup', 'Resume', 'PSEdition_Core', 'Linux', 'Windows', 'macOS')
            LicenseUri   = 'https://www.apache.org/licenses/LICENSE-2.0'

            # ProjectUri and IconUri are left out: the project has no public address and no icon yet.
            ReleaseNotes = 'CHANGELOG.md, in the folder of the module, says what each version brought.'
        }
    }
}
