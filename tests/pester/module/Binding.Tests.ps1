# How each cmdlet is called: what binds to what, and which error there is instead. Nothing is sent anywhere.
param([string] $ModulePath)

BeforeDiscovery {
    # A line, and what it gives: for each record its parameter set and what is bound, or the id of the error. A line that begins with
    # 'default:' runs with $PSDefaultParameterValues['*-S3*:BucketName'] = 'd'.
    $bindings = @'
New-S3MultipartUpload b                                    => BucketDefault: BucketName=b
New-S3MultipartUpload b k                                  => BucketDefault: BucketName=b, Key=k
New-S3MultipartUpload b k x                                => error PositionalParameterNotFound
New-S3MultipartUpload k -BucketName b                      => BucketDefault: BucketName=b, Key=k
New-S3MultipartUpload -BucketName b -Key k -KeyPrefix p/   => BucketDefault: BucketName=b, Key=k, KeyPrefix=p/
New-S3MultipartUpload b -Path *.bin -Resume                => BucketDefault: BucketName=b, Path=*.bin, Resume=True
New-S3MultipartUpload b k -LiteralPath $file               => BucketDefault: BucketName=b, Key=k, LiteralPath=FILE
New-S3MultipartUpload b -LiteralPath (Get-Item $file)      => BucketDefault: BucketName=b, LiteralPath=FILE
New-S3MultipartUpload b -FullName $file                    => BucketDefault: BucketName=b, LiteralPath=FILE
$file | New-S3MultipartUpload b                            => BucketDefault: BucketName=b, LiteralPath=FILE
Get-Item $file | New-S3MultipartUpload b                   => BucketDefault: BucketName=b, LiteralPath=FILE
Get-Item $file | New-S3MultipartUpload b k                 => BucketDefault: BucketName=b, Key=k, LiteralPath=FILE
Get-Item $file | New-S3MultipartUpload b -Key { 'p/' + $_.Name } => BucketDefault: BucketName=b, Key=p/f.bin, LiteralPath=FILE
$keyed | New-S3MultipartUpload                             => BucketDefault: BucketName=b, Key=k, LiteralPath=FILE
$bare | New-S3MultipartUpload                              => BucketDefault: BucketName=b, Key=k
Get-Date | New-S3MultipartUpload b                         => error InputObjectNotBound
New-S3MultipartUpload                                      => error MissingMandatoryParameter
New-S3MultipartUpload ''                                   => error ParameterArgumentValidationError
New-S3MultipartUpload b -Key $null                         => error ParameterArgumentValidationError
New-S3MultipartUpload @splat -StorageClass GLACIER         => BucketDefault: BucketName=b, Key=k, StorageClass=GLACIER
New-S3MultipartUpload b k -SseS3                           => SseS3: BucketName=b, Key=k, SseS3=True
New-S3MultipartUpload b k -SseKms -KmsKeyId x              => SseKms: BucketName=b, Key=k, KmsKeyId=x, SseKms=True
New-S3MultipartUpload b k -DsseKms                         => DsseKms: BucketName=b, DsseKms=True, Key=k
New-S3MultipartUpload b k -SseS3 -SseKms                   => error AmbiguousParameterSet
New-S3MultipartUpload b k -KmsKeyId x                      => error AmbiguousParameterSet
New-S3MultipartUpload b k -PartSize 64MB                   => BucketDefault: BucketName=b, Key=k, PartSize=67108864
New-S3MultipartUpload b k -PartSize '1.5 GB'               => BucketDefault: BucketName=b, Key=k, PartSize=1610612736
New-S3MultipartUpload b k -PartSize large                  => error ParameterArgumentTransformationError
New-S3MultipartUpload b k -ChecksumAlgorithm CRC           => error ParameterArgumentValidationError
New-S3MultipartUpload b k -ThrottleLimit 0                 => error ParameterArgumentValidationError
New-S3MultipartUpload b k -NoSuchParameter                 => error NamedParameterNotFound
New-S3MultipartUpload b k -Acl private                     => BucketDefault: BucketName=b, CannedACL=private, Key=k
default: New-S3MultipartUpload                             => BucketDefault: BucketName=d
default: New-S3MultipartUpload -Key k                      => BucketDefault: BucketName=d, Key=k
default: Get-Item $file | New-S3MultipartUpload            => BucketDefault: BucketName=d, LiteralPath=FILE
default: New-S3MultipartUpload other k                     => BucketDefault: BucketName=other, Key=k

Add-S3UploadPart $upload                                   => File: Upload=s3://b/k
Add-S3UploadPart -Upload $upload -LiteralPath $file        => File: LiteralPath=FILE, Upload=s3://b/k
$upload | Add-S3UploadPart                                 => File: Upload=s3://b/k
$upload, $row | Add-S3UploadPart                           => File: Upload=s3://b/k + File: Upload=s3://b/k
$upload | Add-S3UploadPart -LiteralPath $file              => File: LiteralPath=FILE, Upload=s3://b/k
$row | Add-S3UploadPart                                    => File: Upload=s3://b/k
$table | Add-S3UploadPart                                  => File: Upload=s3://b/k
$json | Add-S3UploadPart                                   => File: Upload=s3://b/k
Add-S3UploadPart $table -LiteralPath $file                 => File: LiteralPath=FILE, Upload=s3://b/k
Add-S3UploadPart $upload -Value $bytes                     => Value: Upload=s3://b/k, Value=1 2 3
Add-S3UploadPart -Value $bytes -Upload $upload -PartNumber 3 => Value: PartNumber=3, Upload=s3://b/k, Value=1 2 3
$upload | Add-S3UploadPart -Value $bytes                   => Value: Upload=s3://b/k, Value=1 2 3
, $bytes | Add-S3UploadPart $upload                        => Value: Upload=s3://b/k, Value=1 2 3
, $bytes | Add-S3UploadPart -Upload $upload -PartSize 5MB  => Value: PartSize=5242880, Upload=s3://b/k, Value=1 2 3
Get-Item $file | Add-S3UploadPart $upload                  => Value: Upload=s3://b/k, Value=FILE
Get-Item $file | Add-S3UploadPart -Upload $upload          => Value: Upload=s3://b/k, Value=FILE
$upload | Add-S3UploadPart -InputStream $stream            => Stream: InputStream=System.IO.MemoryStream, Upload=s3://b/k
Add-S3UploadPart $upload -InputStream $stream              => Stream: InputStream=System.IO.MemoryStream, Upload=s3://b/k
$upload | Add-S3UploadPart -SourceBucketName s -SourceKey t => Copy: SourceBucketName=s, SourceKey=t, Upload=s3://b/k
Add-S3UploadPart $upload -SourceBucketName s -SourceKey t -Range 0-9 => Copy: Range=0-9, SourceBucketName=s, SourceKey=t, Upload=s3://b/k
$upload | Add-S3UploadPart -SourceBucketName s             => error MissingMandatoryParameter
Add-S3UploadPart $upload -Value $bytes -InputStream $stream => error AmbiguousParameterSet
Add-S3UploadPart $upload -LiteralPath $file -Value $bytes  => error AmbiguousParameterSet
Add-S3UploadPart $upload $file                             => error PositionalParameterNotFound
Add-S3UploadPart                                           => error MissingMandatoryParameter
Add-S3UploadPart -Value $bytes                             => error MissingMandatoryParameter
, $bytes | Add-S3UploadPart                                => error InputObjectMissingMandatory
Get-Item $file | Add-S3UploadPart                          => error InputObjectMissingMandatory
'text' | Add-S3UploadPart                                  => error InputObjectMissingMandatory
Add-S3UploadPart text                                      => error CannotConvertArgumentNoMessage
Add-S3UploadPart -Upload 5                                 => error CannotConvertArgumentNoMessage
Add-S3UploadPart $null                                     => error ParameterArgumentValidationErrorNullNotAllowed
$null | Add-S3UploadPart                                   => error ParameterArgumentValidationErrorNullNotAllowed
$part | Add-S3UploadPart                                   => error InputObjectMissingMandatory
Add-S3UploadPart $upload -AbortOnError                     => File: StopOnError=True, Upload=s3://b/k
Add-S3UploadPart $upload -MaxBandwidth fast                => error ParameterArgumentTransformationError
default: $upload | Add-S3UploadPart                        => File: Upload=s3://b/k

Complete-S3MultipartUpload $upload                         => Upload: Upload=s3://b/k
Complete-S3MultipartUpload -Upload $upload -NoClobber      => Upload: NoClobber=True, Upload=s3://b/k
Complete-S3MultipartUpload b k id                          => UploadId: BucketName=b, Key=k, UploadId=id
Complete-S3MultipartUpload -BucketName b -Key k -UploadId id => UploadId: BucketName=b, Key=k, UploadId=id
Complete-S3MultipartUpload b k -UploadId id                => UploadId: BucketName=b, Key=k, UploadId=id
Complete-S3MultipartUpload -Part $part                     => Part: Part=s3://b/k part 1
Complete-S3MultipartUpload -Part $part, $part              => Part: Part=s3://b/k part 1 s3://b/k part 1
$upload | Complete-S3MultipartUpload                       => Upload: Upload=s3://b/k
$row | Complete-S3MultipartUpload                          => Upload: Upload=s3://b/k
$table | Complete-S3MultipartUpload                        => Upload: Upload=s3://b/k
$part | Complete-S3MultipartUpload                         => Part: Part=s3://b/k part 1
$part, $upload | Complete-S3MultipartUpload                => Part: Part=s3://b/k part 1 + Upload: Part=s3://b/k part 1, Upload=s3://b/k
$partRow | Complete-S3MultipartUpload                      => Part: Part=s3://b/k part 1
Complete-S3MultipartUpload                                 => error MissingMandatoryParameter
Complete-S3MultipartUpload b                               => error MissingMandatoryParameter
Complete-S3MultipartUpload b k                             => error MissingMandatoryParameter
Complete-S3MultipartUpload -BucketName b                   => error MissingMandatoryParameter
Complete-S3MultipartUpload text                            => error MissingMandatoryParameter
Complete-S3MultipartUpload -Part text                      => error CannotConvertArgumentNoMessage
Complete-S3MultipartUpload -Part $null                     => error ParameterArgumentValidationErrorNullNotAllowed
'text' | Complete-S3MultipartUpload                        => error InputObjectNotBound
Get-Item $file | Complete-S3MultipartUpload                => error InputObjectNotBound
Complete-S3MultipartUpload $upload -Part $part             => error PositionalParameterNotFound
Complete-S3MultipartUpload b k id -Upload $upload          => error PositionalParameterNotFound
default: $upload | Complete-S3MultipartUpload              => Upload: BucketName=d, Upload=s3://b/k
default: $part | Complete-S3MultipartUpload                => Part: BucketName=d, Part=s3://b/k part 1
default: Complete-S3MultipartUpload $upload                => Upload: BucketName=d, Upload=s3://b/k
default: Complete-S3MultipartUpload -Part $part            => Part: BucketName=d, Part=s3://b/k part 1
default: Complete-S3MultipartUpload -Key k -UploadId id    => UploadId: BucketName=d, Key=k, UploadId=id
default: Complete-S3MultipartUpload other k id             => UploadId: BucketName=other, Key=k, UploadId=id
default: Complete-S3MultipartUpload                        => error MissingMandatoryParameter

Stop-S3MultipartUpload $upload -Force                      => Upload: Force=True, Upload=s3://b/k
Stop-S3MultipartUpload -Upload $upload -PassThru           => Upload: PassThru=True, Upload=s3://b/k
Stop-S3MultipartUpload b k id                              => UploadId: BucketName=b, Key=k, UploadId=id
Stop-S3MultipartUpload -BucketName b -Key k -UploadId id   => UploadId: BucketName=b, Key=k, UploadId=id
$upload | Stop-S3MultipartUpload                           => Upload: Upload=s3://b/k
$upload, $row | Stop-S3MultipartUpload                     => Upload: Upload=s3://b/k + Upload: Upload=s3://b/k
$table | Stop-S3MultipartUpload                            => Upload: Upload=s3://b/k
Stop-S3MultipartUpload                                     => error MissingMandatoryParameter
Stop-S3MultipartUpload b k                                 => error MissingMandatoryParameter
Stop-S3MultipartUpload text                                => error MissingMandatoryParameter
Stop-S3MultipartUpload -Upload text                        => error CannotConvertArgumentNoMessage
'text' | Stop-S3MultipartUpload                            => error InputObjectNotBound
$part | Stop-S3MultipartUpload                             => error InputObjectNotBound
$partRow | Stop-S3MultipartUpload                          => error InputObjectNotBound
default: $upload | Stop-S3MultipartUpload                  => Upload: BucketName=d, Upload=s3://b/k
default: Stop-S3MultipartUpload $upload                    => Upload: BucketName=d, Upload=s3://b/k
default: Stop-S3MultipartUpload -Key k -UploadId id        => UploadId: BucketName=d, Key=k, UploadId=id
default: Stop-S3MultipartUpload other k id                 => UploadId: BucketName=other, Key=k, UploadId=id

Get-S3UploadPart $upload                                   => Upload: Upload=s3://b/k
Get-S3UploadPart b k id                                    => UploadId: BucketName=b, Key=k, UploadId=id
Get-S3UploadPart -BucketName b -Key k -UploadId id         => UploadId: BucketName=b, Key=k, UploadId=id
$upload | Get-S3UploadPart                                 => Upload: Upload=s3://b/k
$row | Get-S3UploadPart                                    => Upload: Upload=s3://b/k
Get-S3UploadPart                                           => error MissingMandatoryParameter
Get-S3UploadPart text                                      => error MissingMandatoryParameter
'text' | Get-S3UploadPart                                  => error InputObjectNotBound
Get-S3UploadPart $part                                     => error MissingMandatoryParameter
default: $upload | Get-S3UploadPart                        => Upload: BucketName=d, Upload=s3://b/k
default: Get-S3UploadPart -Key k -UploadId id              => UploadId: BucketName=d, Key=k, UploadId=id

Get-S3MultipartUpload b                                    => All: BucketName=b
Get-S3MultipartUpload b p/                                 => All: BucketName=b, Prefix=p/
Get-S3MultipartUpload b -KeyPrefix p/                      => All: BucketName=b, Prefix=p/
Get-S3MultipartUpload -BucketName b* -OlderThan 7d         => All: BucketName=b*, OlderThan=7.00:00:00
Get-S3MultipartUpload b -OlderThan 5m                      => All: BucketName=b, OlderThan=00:05:00
Get-S3MultipartUpload b -OlderThan 1.12:00:00              => All: BucketName=b, OlderThan=1.12:00:00
Get-S3MultipartUpload b -OlderThan yesterday               => error ParameterArgumentTransformationError
Get-S3MultipartUpload b -MaxUploads 5                      => All: BucketName=b, MaxUpload=5
Get-S3MultipartUpload b -MaxUpload 0                       => error ParameterArgumentValidationError
'b' | Get-S3MultipartUpload                                => error InputObjectNotBound
$prefixed | Get-S3MultipartUpload                          => All: BucketName=b, Prefix=p/
$upload | Get-S3MultipartUpload                            => All: BucketName=b, Key=k, UploadId=id
Get-S3MultipartUpload                                      => error MissingMandatoryParameter
Get-S3MultipartUpload b p/ k                               => error PositionalParameterNotFound
Get-S3MultipartUpload b -Key k -UploadId id -IncludePart   => All: BucketName=b, IncludePart=True, Key=k, UploadId=id
default: Get-S3MultipartUpload                             => All: BucketName=d
default: Get-S3MultipartUpload p/                          => All: BucketName=p/

Compare-S3Object b k -LiteralPath $file                    => File: BucketName=b, Key=k, LiteralPath=FILE
Compare-S3Object b -LiteralPath $file                      => File: BucketName=b, LiteralPath=FILE
Compare-S3Object -CompletedUpload $completed               => CompletedUpload: CompletedUpload=s3://c/k
$completed | Compare-S3Object                              => CompletedUpload: CompletedUpload=s3://c/k
$completed | Compare-S3Object -Quiet                       => CompletedUpload: CompletedUpload=s3://c/k, Quiet=True
$completed | Compare-S3Object b                            => CompletedUpload: BucketName=b, CompletedUpload=s3://c/k
$file | Compare-S3Object b                                 => File: BucketName=b, LiteralPath=FILE
Get-Item $file | Compare-S3Object b -KeyPrefix p/          => File: BucketName=b, KeyPrefix=p/, LiteralPath=FILE
Get-Item $file | Compare-S3Object b -Key { 'p/' + $_.Name } => File: BucketName=b, Key=p/f.bin, LiteralPath=FILE
$versioned | Compare-S3Object                              => File: BucketName=b, Key=k, LiteralPath=FILE, VersionId=v
Compare-S3Object                                           => error MissingMandatoryParameter
Compare-S3Object b                                         => error MissingMandatoryParameter
Compare-S3Object b k                                       => error MissingMandatoryParameter
Compare-S3Object text                                      => error MissingMandatoryParameter
'text' | Compare-S3Object                                  => error InputObjectMissingMandatory
Get-Date | Compare-S3Object b                              => error InputObjectNotBound
$upload | Compare-S3Object                                 => error ParameterArgumentTransformationError
default: $completed | Compare-S3Object                     => CompletedUpload: BucketName=d, CompletedUpload=s3://c/k
default: Get-Item $file | Compare-S3Object                 => File: BucketName=d, LiteralPath=FILE
default: Compare-S3Object -LiteralPath $file               => File: BucketName=d, LiteralPath=FILE

Send-S3File $file b                                        => BucketDefault: BucketName=b, Path=FILE
Send-S3File $file b p/                                     => BucketDefault: BucketName=b, KeyPrefix=p/, Path=FILE
Send-S3File $folder b -Recurse                             => BucketDefault: BucketName=b, Path=FOLDER, Recurse=True
Send-S3File -Path $file -BucketName b -KeyPrefix p/        => BucketDefault: BucketName=b, KeyPrefix=p/, Path=FILE
Send-S3File -LiteralPath $file -BucketName b               => BucketDefault: BucketName=b, LiteralPath=FILE
Send-S3File $file b p/ k                                   => error PositionalParameterNotFound
Send-S3File $file, $folder b                               => BucketDefault: BucketName=b, Path=FILE FOLDER
$file | Send-S3File -BucketName b                          => BucketDefault: BucketName=b, LiteralPath=FILE
Get-Item $file | Send-S3File -BucketName b -Key { 'p/' + $_.Name } => BucketDefault: BucketName=b, Key=p/f.bin, LiteralPath=FILE
$keyed | Send-S3File                                       => BucketDefault: BucketName=b, Key=k, LiteralPath=FILE
Send-S3File @splat -LiteralPath $file                      => BucketDefault: BucketName=b, Key=k, LiteralPath=FILE
5 | Send-S3File -BucketName b                              => error InputObjectNotBound
Send-S3File $file b -SseKms -SseS3                         => error AmbiguousParameterSet
Send-S3File $file b -MaxBandwidth 50MB                     => BucketDefault: BucketName=b, MaxBandwidth=50.0 MiB/s, Path=FILE
Send-S3File $file b -AbortOnError                          => BucketDefault: BucketName=b, Path=FILE, StopOnError=True
default: Send-S3File $file                                 => BucketDefault: BucketName=d, Path=FILE
default: Send-S3File $file other                           => BucketDefault: BucketName=other, Path=FILE
default: Get-Item $file | Send-S3File                      => BucketDefault: BucketName=d, LiteralPath=FILE
'@ -split '\r?\n' | Where-Object { $_ } | ForEach-Object {
        $line, $gives = $_ -split ' +=> '
        @{ Line = $line; Gives = $gives }
    }

    # What the cmdlets themselves refuse before any request: a line, then the error's id and target.
    $refusals = @'
New-S3MultipartUpload b                                     => KeyMissing s3://b
New-S3MultipartUpload b $file                               => KeyIsPath FILE
New-S3MultipartUpload b $file -KeyPrefix p/                 => KeyIsPath FILE
New-S3MultipartUpload b -LiteralPath $folder                => PathIsFolder FOLDER
New-S3MultipartUpload b -LiteralPath FOLDER/none            => FileNotFound FOLDER/none
New-S3MultipartUpload b -Path FOLDER/n[1].bin               => FileNotFound FOLDER/n[1].bin
New-S3MultipartUpload b -Path $file -LiteralPath $file      => PathAndLiteralPath FILE
New-S3MultipartUpload b k -RelativeTo FOLDER/none           => FolderNotFound FOLDER/none
New-S3MultipartUpload b k -RelativeTo $file                 => FolderNotFound FILE
New-S3MultipartUpload b k -PartSize 1MB                     => PartSizeOutOfRange s3://b/k
New-S3MultipartUpload b k -AccessKey a                      => KeysIncomplete s3://b/k
New-S3MultipartUpload b k -ProfileName none-such            => ProfileNotFound s3://b/k
New-S3MultipartUpload s3://b/k k                            => BucketNameInvalid s3://b/k/k
Get-Item $file | New-S3MultipartUpload b -PartSize 1MB      => PartSizeOutOfRange s3://b
Add-S3UploadPart $upload                                    => PathMissing s3://b/k
Add-S3UploadPart $upload -LiteralPath $file -PartNumber 0   => PartNumberOutOfRange FILE
Add-S3UploadPart $upload -LiteralPath $file -PartNumber 9   => PartNumberNotInPlan FILE
Add-S3UploadPart $upload -Value $bytes -PartNumber 1, 2     => OneNumberForValue s3://b/k
Add-S3UploadPart $upload -Value text                        => ValueNotBytes s3://b/k
Add-S3UploadPart $upload -Value $bytes -PartSize 1          => PartSizeOutOfRange s3://b/k
Get-Item $folder | Add-S3UploadPart $upload                 => PathIsFolder FOLDER
Complete-S3MultipartUpload b k id -NoClobber -IfMatch e     => NoClobberAndIfMatch s3://b/k
Complete-S3MultipartUpload $upload -BucketName other        => BucketNameDiffers s3://b/k
$part | Complete-S3MultipartUpload -BucketName other        => BucketNameDiffers s3://b/k
Complete-S3MultipartUpload s3://b/k k id                    => BucketNameInvalid s3://b/k/k
Stop-S3MultipartUpload $upload -BucketName other -Force     => BucketNameDiffers s3://b/k
Stop-S3MultipartUpload s3://b k id -Force                   => BucketNameInvalid s3://b/k
Get-S3UploadPart $upload -BucketName other                  => BucketNameDiffers s3://b/k
Get-S3UploadPart s3://b/k k id                              => BucketNameInvalid s3://b/k/k
Get-S3MultipartUpload s3://b/k                              => BucketNameInvalid s3://b/k
Get-S3MultipartUpload b -ProfileName none-such              => ProfileNotFound s3://b
Compare-S3Object s3://b k -LiteralPath $file                => BucketNameInvalid FILE
Compare-S3Object b -LiteralPath $file -RelativeTo none      => FolderNotFound none
Send-S3File                                                 => PathMissing
Send-S3File $file                                           => BucketNameMissing FILE
Get-Item $file | Send-S3File                                => BucketNameMissing FILE
Get-Item $file | Send-S3File b p/ k                         => PathAndLiteralPath s3://p/
Get-Item $file | Send-S3File b p/ -BucketName b             => PathAndLiteralPath s3://b
Get-Item $file | Send-S3File -Path $file -BucketName b      => PathAndLiteralPath s3://b
Send-S3File $file b -LiteralPath $file                      => PathAndLiteralPath FILE
Send-S3File FOLDER/none b                                   => FileNotFound FOLDER/none
Send-S3File FOLDER/n[1].bin b                               => FileNotFound FOLDER/n[1].bin
Send-S3File $folder b                                       => FolderNeedsRecurse FOLDER
Send-S3File $folder b -Recurse -Key k                       => KeyForFolder FILE
Send-S3File $file s3://b/k                                  => BucketNameInvalid FILE
'@ -split '\r?\n' | Where-Object { $_ } | ForEach-Object {
        $line, $error = $_ -split ' +=> '
        $id, $target = $error -split ' ', 2
        @{ Line = $line; Id = $id; Target = $target }
    }

    # What Send-S3File would do with arguments without names, as the question that -Confirm asks says it.
    $positions = @(
        @{ Line = 'Send-S3File $file b p/'; Target = 's3://b/p/f.bin' }
        @{ Line = 'Get-Item $file | Send-S3File b'; Target = 's3://b/f.bin' }
        @{ Line = 'Get-Item $file | Send-S3File b p/'; Target = 's3://b/p/f.bin' }
        @{ Line = 'Get-Item $file | Send-S3File p/ -BucketName b'; Target = 's3://b/p/f.bin' }
        @{ Line = 'default: Send-S3File $file'; Target = 's3://d/f.bin' }
        @{ Line = 'default: Send-S3File $file b p/'; Target = 's3://b/p/f.bin' }
        @{ Line = 'default: Get-Item $file | Send-S3File'; Target = 's3://d/f.bin' }
        @{ Line = 'default: Get-Item $file | Send-S3File b'; Target = 's3://b/f.bin' }
        @{ Line = 'default: Get-Item $file | Send-S3File b p/'; Target = 's3://b/p/f.bin' }
        @{ Line = 'default: Get-Item $file | Send-S3File p/ -BucketName d'; Target = 's3://d/p/f.bin' }
    )
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    Import-Module (Join-Path $PSScriptRoot '../../tools/BindingProbe.psm1')
    $folder = New-TestFolder
    $file = Join-Path $folder 'f.bin'
    New-TestFile $file 3

    # What only the module makes, with these properties.
    function New-Made([type] $Type, [hashtable] $Values) {
        $made = [Activator]::CreateInstance($Type, $true)
        foreach ($name in $Values.Keys) { $Type.GetProperty($name).SetValue($made, $Values[$name]) }
        $made
    }

    $id = @{ BucketName = 'b'; Key = 'k'; UploadId = 'id' }
    $one = $id + @{ PartNumber = 1; Size = 5L; ETag = '"e"' }
    $upload = New-Made ([S3Multipart.MultipartUpload]) $id
    $variables = @{
        file          = $file
        folder        = $folder
        bytes         = [byte[]] (1, 2, 3)
        stream        = [IO.MemoryStream]::new()
        upload        = $upload
        table         = $id
        row           = [pscustomobject] $id
        json          = $upload | ConvertTo-Json | ConvertFrom-Json
        part          = New-Made ([S3Multipart.UploadPart]) $one
        partRow       = [pscustomobject] $one
        completed     = New-Made ([S3Multipart.CompletedUpload]) @{ BucketName = 'c'; Key = 'k'; LiteralPath = $file }
        bare          = [pscustomobject] @{ BucketName = 'b'; Key = 'k' }
        keyed         = [pscustomobject] @{ BucketName = 'b'; Key = 'k'; FullName = $file }
        prefixed      = [pscustomobject] @{ BucketName = 'b'; Prefix = 'p/' }
        versioned     = [pscustomobject] @{ BucketName = 'b'; Key = 'k'; LiteralPath = $file; VersionId = 'v' }
        splat         = @{ BucketName = 'b'; Key = 'k' }
        defaultBucket = [Management.Automation.DefaultParameterDictionary] @{ '*-S3*:BucketName' = 'd' }
    }
    $probe = New-BindingProbe S3Multipart $variables

    # The cmdlets themselves in a session without a user.
    $real = New-BindingSession (Join-Path $ModulePath 'S3Multipart.psd1') $variables

    function Get-Full([string] $Text) { $Text.Replace('FILE', $file).Replace('FOLDER', $folder) }

    function Get-Line([string] $Line) { (Get-Full $Line) -replace '^default: ', '$PSDefaultParameterValues = $defaultBucket; ' }
}

AfterAll { foreach ($session in $probe, $real) { $session.Dispose() } }

Describe 'The binding of a line' {
    It '<Line>' -ForEach $bindings {
        (@(Invoke-BindingProbe $probe (Get-Line $Line)) -join ' + ').Replace('__AllParameterSets', 'All') |
            Should -BeExactly (Get-Full $Gives)
    }
}

Describe 'A line that cannot be meant' {
    It '<Line> is <Id>' -ForEach $refusals {
        $errors = @(Get-BindingError $real (Get-Line $Line))
        $errors | Should -HaveCount 1
        Get-ErrorName $errors[0] | Should -BeExactly $Id
        # Windows writes what was given with a slash with a backslash.
        "$($errors[0].TargetObject)".Replace('\', '/') | Should -BeExactly (Get-Full "$Target").Replace('\', '/')
    }
}

Describe 'Arguments without names' {
    It '<Line> goes to <Target>' -ForEach $positions {
        $errors = @(Get-BindingError $real ((Get-Line $Line) + ' -Confirm'))
        $errors | Should -HaveCount 1
        "$($errors[0])" | Should -BeLike "*Send $file*$Target*"
    }
}
