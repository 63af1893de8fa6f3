using S3Multipart.Core.Limits;

namespace S3Multipart.Core.Errors;

/// <summary>What is wrong with what is to be sent and where to: a file, a key, a bucket's name, a part's size or number.</summary>
internal static class SourceFailure
{
    private const string FileChangedAdvice = "Once nothing writes to the file, run the same line again (with -Resume on "
        + "New-S3MultipartUpload): what differs is sent again. Of a file that is always in use, send a snapshot.";

    internal static S3MultipartException FileNotFound(string path) =>
        new(nameof(FileNotFound), FailureKind.ObjectNotFound, $"There is no file '{path}'.")
        {
            RecommendedAction =
                "Check the path. -LiteralPath and piped text are taken as they are written; only in -Path are * ? [ ] wildcards.",
        };

    /// <summary>A path with brackets that matches nothing: often a name that has them.</summary>
    internal static S3MultipartException NothingMatches(string path) =>
        new(nameof(FileNotFound), FailureKind.ObjectNotFound, $"No file matches '{path}', in which [ ] are wildcards.")
        {
            RecommendedAction = "Give a name that has brackets as -LiteralPath, which is taken as it is written.",
        };

    internal static S3MultipartException FolderNotFound(string path) =>
        new(nameof(FolderNotFound), FailureKind.ObjectNotFound, $"There is no folder '{path}', which was given as -RelativeTo.")
        {
            RecommendedAction = "Check the path: keys are made of what files have below that folder.",
        };

    internal static S3MultipartException PathMissing(string target) =>
        new(nameof(PathMissing), FailureKind.InvalidArgument, $"The upload of '{target}' names no file; give the source of its bytes.")
        {
            RecommendedAction = "Add -LiteralPath FILE, -Value BYTES, -InputStream STREAM, or -SourceBucketName and -SourceKey.",
        };

    internal static S3MultipartException PathIsFolder(string path) =>
        new(nameof(PathIsFolder), FailureKind.InvalidArgument, $"'{path}' is a folder; only a file can be uploaded.")
        {
            RecommendedAction = "Pipe its files instead: Get-ChildItem -Recurse -File, with -RelativeTo to keep the folders in the keys.",
        };

    internal static S3MultipartException PathNotFileSystem(string path) =>
        new(nameof(PathNotFileSystem), FailureKind.InvalidArgument, $"'{path}' is not in the file system.")
        {
            RecommendedAction = "Give a path of the file system, or send the bytes with -InputStream or -Value.",
        };

    internal static S3MultipartException PathNotUnderRelativeTo(string path, string root) =>
        new(nameof(PathNotUnderRelativeTo), FailureKind.InvalidArgument, $"'{path}' is not under the folder '{root}' given as -RelativeTo.")
        {
            RecommendedAction = "Give as -RelativeTo a folder that holds all the files.",
        };

    internal static S3MultipartException FileNotRegular(string path) =>
        new(nameof(FileNotRegular), FailureKind.InvalidArgument,
            $"'{path}' is not a regular file but a device, a pipe or the like, whose length is not known.")
        {
            RecommendedAction =
                "Read it as a stream: Add-S3UploadPart -Upload $upload -InputStream ([IO.File]::OpenRead(PATH)) -ExpectedSize SIZE.",
        };

    internal static S3MultipartException FileNotReadable(string path, Exception inner) =>
        new(nameof(FileNotReadable), inner is UnauthorizedAccessException ? FailureKind.PermissionDenied : FailureKind.ReadError,
            $"'{path}' cannot be read: {inner.Message}", inner)
        {
            RecommendedAction = inner is UnauthorizedAccessException ? "Get the right to read it."
                : "Get the right to read it, and check the disk or the server that it is on.",
        };

    /// <summary>A file that another program lets nobody read meanwhile.</summary>
    internal static S3MultipartException FileLocked(string path, Exception inner) =>
        new(nameof(FileNotReadable), FailureKind.ReadError, $"'{path}' cannot be read: {inner.Message}", inner)
        {
            RecommendedAction = "Close the program that holds it open; it may be this PowerShell, with a stream that was not disposed. "
                + (OperatingSystem.IsWindows()
                    ? "Resource Monitor (resmon) finds it: on its page CPU, search the associated handles for the file's name. "
                        + "Of a file that is always in use, such as a database, a mailbox or a virtual disk, send a snapshot (VSS)."
                    : "'lsof FILE' may tell which. Of a file that is always in use, send a snapshot."),
        };

    /// <summary>A path that the system takes for that of no file at all.</summary>
    internal static S3MultipartException PathInvalid(string path, string why) =>
        new(nameof(PathInvalid), FailureKind.InvalidArgument, $"'{path}' cannot be the path of a file: {why}")
        {
            RecommendedAction = "Correct the path. A name has at most 255 characters"
                + (OperatingSystem.IsWindows() ? ", and none of < > : \" | ? * or a control character. " : ". ")
                + "Only in -Path are * ? [ ] wildcards.",
        };

    internal static S3MultipartException FileChanged(string path, int partNumber, string how) =>
        new(nameof(FileChanged), FailureKind.InvalidData,
            $"'{path}' changed while part {partNumber} was read: {how}. The object was not completed.")
        {
            RecommendedAction = FileChangedAdvice,
        };

    internal static S3MultipartException FileChangedSinceNew(string path, string how) =>
        new(nameof(FileChanged), FailureKind.InvalidData, $"'{path}' is not as it was when the upload was begun: {how}. Nothing was sent.")
        {
            RecommendedAction = FileChangedAdvice,
        };

    internal static S3MultipartException FileChangedInComparison(string path, string how) =>
        new(nameof(FileChanged), FailureKind.InvalidData, $"'{path}' changed while it was compared with the object: {how}.")
        {
            RecommendedAction = FileChangedAdvice,
        };

    internal static S3MultipartException KeyNotUnique(string key, string path) =>
        new(nameof(KeyNotUnique), FailureKind.ResourceExists,
            $"'{path}' would get the key '{key}', which an earlier file of this pipeline has: the later upload would replace the earlier.")
        {
            RecommendedAction =
                "Give each file a key of its own: -RelativeTo keeps the folders, or use a script block: -Key { 'prefix/' + $_.Name }.",
        };

    internal static S3MultipartException KeyMissing() =>
        new(nameof(KeyMissing), FailureKind.InvalidArgument, "Neither a -Key nor a file to name the object after was given.")
        {
            RecommendedAction = "Give -Key, or pipe the file.",
        };

    internal static S3MultipartException KeyOutOfRange(string key, int bytes) =>
        new(nameof(KeyOutOfRange), FailureKind.InvalidArgument,
            Failure.Invariant($"The key '{key}' has {bytes:N0} bytes in UTF-8; S3 takes 1 to {S3Limits.MaxKeyBytes:N0}."))
        {
            RecommendedAction = "Shorten the key, or its -KeyPrefix: letters other than a to z take two bytes or more.",
        };

    internal static S3MultipartException BucketNameInvalid(string name, string why) =>
        new(nameof(BucketNameInvalid), FailureKind.InvalidArgument, $"'{name}' cannot be a bucket: {why}.")
        {
            RecommendedAction = "Write the name alone, as in my-bucket, and the key as -Key; or the ARN of an access point.",
        };

    internal static S3MultipartException BucketsNotListable(Exception inner) =>
        new(nameof(BucketsNotListable), FailureKind.PermissionDenied,
            $"The buckets of the account cannot be listed, so none could be found by a wildcard: {inner.Message}", inner)
        {
            RecommendedAction = "Get the right s3:ListAllMyBuckets, or name each bucket with -BucketName.",
        };

    internal static S3MultipartException PartSizeOutOfRange(long size) =>
        new(nameof(PartSizeOutOfRange), FailureKind.InvalidArgument,
            Failure.Invariant($"A part size of {size:N0} bytes is outside S3's range of 5 MiB ({S3Limits.MinPartSize:N0}) to 5 GiB ")
                + Failure.Invariant($"({S3Limits.MaxPartSize:N0})."))
        {
            RecommendedAction = "Choose a size inside, as in -PartSize 64MB, or leave it out to have it chosen.",
        };

    internal static S3MultipartException PartNumberOutOfRange(int number) =>
        new(nameof(PartNumberOutOfRange), FailureKind.InvalidArgument,
            Failure.Invariant($"Part number {number} is outside S3's range of 1 to 10,000."))
        {
            RecommendedAction = "Give numbers from 1 on.",
        };

    internal static S3MultipartException PartNumberNotInPlan(int number, int count) =>
        new(nameof(PartNumberNotInPlan), FailureKind.InvalidArgument,
            Failure.Invariant($"There is no part {number}: the source has {count:N0} parts of this size."))
        {
            RecommendedAction = "Check -PartNumber and -PartSize: the size must be that of the upload's other parts.",
        };

    internal static S3MultipartException CopyRangeInvalid(string range, long size) =>
        new(nameof(CopyRangeInvalid), FailureKind.InvalidArgument,
            Failure.Invariant($"The range '{range}' is not one of the source's {size:N0} bytes; write FIRST-LAST, both counted from 0 and ")
                + "included.")
        {
            RecommendedAction = "Write it as in -Range 0-1048575 for the first MiB.",
        };

    internal static S3MultipartException TooManyParts(long length, long partSize, long needed) =>
        new(nameof(TooManyParts), FailureKind.LimitsExceeded,
            Failure.Invariant($"{length:N0} bytes in parts of {partSize:N0} make {(length + partSize - 1) / partSize:N0} parts; ")
                + "S3 takes at most 10,000.")
        {
            RecommendedAction = Failure.Invariant($"Use a -PartSize of at least {needed:N0} bytes, or leave it out to have it chosen."),
        };

    internal static S3MultipartException StreamTooLong(long partSize) =>
        new(nameof(StreamTooLong), FailureKind.LimitsExceeded,
            Failure.Invariant($"The input continues after 10,000 parts of {partSize:N0} bytes, the most that one upload can have. ")
                + "The upload was not completed.")
        {
            RecommendedAction = "Begin again with a larger -PartSize, or give the size to come with -ExpectedSize and have it chosen.",
        };

    internal static S3MultipartException ObjectTooLarge(long length) =>
        new(nameof(ObjectTooLarge), FailureKind.LimitsExceeded,
            Failure.Invariant($"{length:N0} bytes are more than one object can have: 10,000 parts of 5 GiB, ")
                + Failure.Invariant($"{S3Limits.MaxObjectSize:N0} bytes."))
        {
            RecommendedAction = "Split the source into several objects.",
        };
}
