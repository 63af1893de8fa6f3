using S3Multipart.Core.Errors;

namespace S3Multipart.Errors;

/// <summary>Failures of parameters that only the cmdlets have.</summary>
internal static class ParameterFailure
{
    internal static S3MultipartException KeysIncomplete() =>
        new(nameof(KeysIncomplete), FailureKind.InvalidArgument, "-AccessKey and -SecretKey go together, and -SessionToken only with them.")
        {
            RecommendedAction = "Give both keys, and the session token where they are temporary; or give -ProfileName or -Credential "
                + "instead.",
        };

    internal static S3MultipartException PathAndLiteralPath() =>
        new(nameof(PathAndLiteralPath), FailureKind.InvalidArgument, "Give either -Path or -LiteralPath.")
        {
            RecommendedAction = "Give -Path for names with wildcards, or -LiteralPath for names as they are.",
        };

    internal static S3MultipartException NoFileGiven() =>
        new("PathMissing", FailureKind.InvalidArgument, "No file was given.")
        {
            RecommendedAction = "Write Send-S3File FILE BUCKET, or pipe files: Get-ChildItem | Send-S3File BUCKET.",
        };

    internal static S3MultipartException BucketNameMissing() =>
        new(nameof(BucketNameMissing), FailureKind.InvalidArgument, "No bucket was given.")
        {
            RecommendedAction = "Write Send-S3File FILE BUCKET, or with piped files Send-S3File BUCKET.",
        };

    internal static S3MultipartException BucketNameDiffers(string bucketName, string target) =>
        new(nameof(BucketNameDiffers), FailureKind.InvalidArgument, $"The bucket '{bucketName}' was given, and '{target}' is in another.")
        {
            RecommendedAction = "Leave -BucketName out: an upload and a part name their own bucket.",
        };

    internal static S3MultipartException FolderNeedsRecurse(string path) =>
        new(nameof(FolderNeedsRecurse), FailureKind.InvalidArgument, $"'{path}' is a folder, and what is in it was not asked for.")
        {
            RecommendedAction = "Add -Recurse to send what is in it, or pipe files alone: Get-ChildItem -File | Send-S3File BUCKET.",
        };

    internal static S3MultipartException FolderLoop(string path, string real) =>
        new(nameof(FolderLoop), FailureKind.InvalidArgument, $"The folder '{path}' leads back to '{real}', which it is in.")
        {
            RecommendedAction = "Leave the link out with -Exclude and its name; all files of that folder are sent in their own place.",
        };

    internal static S3MultipartException KeyForFolder(string path) =>
        new(nameof(KeyForFolder), FailureKind.InvalidArgument, $"-Key names one object, and '{path}' is a folder.")
        {
            RecommendedAction = "Give -KeyPrefix instead; the keys then end in the paths below the folder.",
        };

    internal static S3MultipartException KeyIsPath(string path) =>
        new(nameof(KeyIsPath), FailureKind.InvalidArgument,
            $"'{path}' was given as the key, and is the path of a file: the upload would have that key and no file.")
        {
            RecommendedAction = $"Give the file as -LiteralPath {ResumeLine.Quote(path)}, and -Key too where its name is not to be the "
                + "key.",
        };

    internal static S3MultipartException ReportNotWritable(string path, Exception inner) =>
        new(nameof(ReportNotWritable), FailureKind.WriteError, $"The report '{path}' cannot be written: {inner.Message}", inner)
        {
            RecommendedAction = "Check the folder, the permissions and the space on the disk; files are sent without a report too.",
        };

    internal static S3MultipartException NoClobberAndIfMatch() =>
        new(nameof(NoClobberAndIfMatch), FailureKind.InvalidArgument,
            "-NoClobber requires that no object has the key, -IfMatch that one has it: give one of them.")
        {
            RecommendedAction = "Give -NoClobber for a new object, or -IfMatch to replace one that is known.",
        };

    internal static S3MultipartException OneNumberForRange() =>
        new(nameof(OneNumberForRange), FailureKind.InvalidArgument,
            "With -Range, -PartNumber takes one number: that of the first piece; the others follow it.")
        {
            RecommendedAction = "Give the number of the first piece alone, as in -Range 0-99999999 -PartNumber 3.",
        };

    internal static S3MultipartException CredentialUnknown(Type type) =>
        new(nameof(CredentialUnknown), FailureKind.AuthenticationError,
            $"A {type.FullName} holds no AWS credentials that can be read; give a PSCredential or what Get-AWSCredential returns.")
        {
            RecommendedAction = "Give the keys as a PSCredential, by -AccessKey and -SecretKey, or by -ProfileName.",
        };

    internal static S3MultipartException CredentialUnusable(Exception inner) =>
        new(FailureIds.CredentialsUnusable, FailureKind.AuthenticationError,
            $"The credentials of AWS Tools gave no keys: {inner.Message}", inner)
        {
            RecommendedAction = "Set them again with Set-AWSCredential, or give -ProfileName.",
        };

    internal static S3MultipartException StreamNotReadable(Exception? inner = null) =>
        new(nameof(StreamNotReadable), FailureKind.ReadError, "The input stream cannot be read"
            + (inner is null ? "." : ": " + inner.Message), inner)
        {
            RecommendedAction = "Open the stream for reading and give it from its beginning, as in -InputStream "
                + "([IO.File]::OpenRead(PATH)).",
        };

    internal static S3MultipartException ValueNotBytes(object? value) =>
        new(nameof(ValueNotBytes), FailureKind.InvalidArgument, value switch
        {
            string or string[] or object[] => "Text is not bytes: which bytes it stands for depends on an encoding that was not given.",
            FileSystemInfo => "A file after bytes is not one of them.",
            null => "Nothing (null) is not bytes.",
            _ => $"A {value.GetType().FullName} is not bytes.",
        })
        {
            RecommendedAction = value is FileSystemInfo
                ? "Give the file alone."
                : "Read a file with Get-Content -AsByteStream -ReadCount 4MB, or encode the text: [Text.Encoding]::UTF8.GetBytes($text).",
        };

    internal static S3MultipartException OneUploadForStream() =>
        new(nameof(OneUploadForStream), FailureKind.InvalidArgument,
            "A stream can be read once: it belongs to the first upload, and no other can have it.")
        {
            RecommendedAction = "Call Add-S3UploadPart once for each stream, with one upload.",
        };

    internal static S3MultipartException OneSourceForUpload(string target) =>
        new(nameof(OneSourceForUpload), FailureKind.InvalidArgument,
            $"The upload of '{target}' has its file already: one object takes one file.")
        {
            RecommendedAction = "Pipe several files to New-S3MultipartUpload, which begins an upload for each; or to Send-S3File.",
        };

    internal static S3MultipartException OneNumberForValue() =>
        new(nameof(OneNumberForValue), FailureKind.InvalidArgument,
            "With -Value, -PartNumber takes one number, and the whole value becomes that part.")
        {
            RecommendedAction = "Give one number and one array of bytes, or leave -PartNumber out to have the bytes cut into parts.",
        };

    internal static S3MultipartException PartSizeTooLargeForBuffer(long size) =>
        new(nameof(PartSizeTooLargeForBuffer), FailureKind.InvalidArgument,
            Failure.Invariant($"Parts of a stream are held in memory, {Array.MaxLength:N0} bytes at most; {size:N0} is more."))
        {
            RecommendedAction = "Use a smaller -PartSize, or send a file with -LiteralPath, whose parts are not held in memory.",
        };

    internal static S3MultipartException InputsNotTried(
        string bucketName, int count, S3MultipartException cause, bool isRepeatable) =>
        new(nameof(InputsNotTried), FailureKind.ResourceUnavailable,
            Failure.Invariant($"{count:N0} more {(count == 1 ? "input" : "inputs")} for '{bucketName}' failed in the same way or ")
                + $"{(count == 1 ? "was" : "were")} not tried: {cause.Message}", cause)
        {
            RecommendedAction = $"{cause.RecommendedAction} Then run the same line again"
                + (isRepeatable ? "." : " (with -Resume on New-S3MultipartUpload)."),
        };
}
