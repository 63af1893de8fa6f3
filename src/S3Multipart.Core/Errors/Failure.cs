using System.Globalization;
using S3Multipart.Core.Text;

namespace S3Multipart.Core.Errors;

/// <summary>
/// What goes wrong with an upload, each with a stable id. Other failures that the module finds are where they are found, in classes named
/// like this one; those that S3 finds are named by S3's error code.
/// </summary>
internal static class Failure
{
    internal static S3MultipartException UploadIncomplete(string target, string why) =>
        new(nameof(UploadIncomplete), FailureKind.InvalidOperation,
            $"The upload of '{target}' was not completed: {why} It stays as it is in S3.")
        {
            RecommendedAction = "Send what is missing, and complete the upload then.",
        };

    internal static S3MultipartException UploadGone(string target, string why) =>
        new(nameof(UploadIncomplete), FailureKind.InvalidOperation,
            $"The upload of '{target}' was not completed: a part of it failed: {why} S3 holds nothing of it any more.")
        {
            RecommendedAction = "Run the same line again; it begins a new upload.",
        };

    internal static S3MultipartException UploadSizeUnknown(string target) =>
        new(nameof(UploadSizeUnknown), FailureKind.InvalidOperation,
            $"The upload of '{target}' was not completed: all its parts have the same size, so nothing shows whether more were to come.")
        {
            RecommendedAction = "Give the size of the whole object with -MpuObjectSize, or send a file instead: ... | Add-S3UploadPart "
                + "-LiteralPath FILE | Complete-S3MultipartUpload.",
        };

    internal static S3MultipartException SizeMismatch(string target, long expected, long actual) =>
        new(nameof(SizeMismatch), FailureKind.InvalidData,
            Invariant($"The upload of '{target}' was not completed: its parts have {Count.Of(actual, "byte")} in all, not {expected:N0}."))
        {
            RecommendedAction = "Check the source and -MpuObjectSize. What S3 holds is shown by Get-S3UploadPart.",
        };

    internal static S3MultipartException UnchangedSizeMismatch(string target, long expected, long? actual) =>
        new(nameof(SizeMismatch), FailureKind.InvalidData,
            Invariant($"The object '{target}', which is left as it is, has {actual:N0} bytes, not {expected:N0}."))
        {
            RecommendedAction = "Check the file and -MpuObjectSize.",
        };

    internal static S3MultipartException ChecksumMismatch(string target, string expected, string actual) =>
        new(nameof(ChecksumMismatch), FailureKind.InvalidData,
            $"S3 put '{target}' together with the checksum {actual}, but the bytes sent have {expected}: do not use this object.")
        {
            RecommendedAction = "Delete the object or replace it by a new upload, and check the disk, the memory and the proxy.",
        };

    internal static S3MultipartException CompletionUnknown(string target, string why) =>
        new(nameof(CompletionUnknown), FailureKind.InvalidData,
            $"The response to the completion of '{target}' was lost: {why}")
        {
            RecommendedAction = "Compare the object with its source. If they are equal, nothing is left to do.",
        };

    internal static S3MultipartException ObjectDiffers(string target, string how) =>
        new(nameof(ObjectDiffers), FailureKind.InvalidData,
            $"The store answered that it completed '{target}', but the object is not that of the parts: {how}. Do not use this object.")
        {
            RecommendedAction = "Send it again, with -RequestChecksumCalculation WhenRequired for a store that rejects checksums, "
                + "and compare what is there with its source.",
        };

    internal static S3MultipartException CompletionNotConfirmed(string target, Exception inner) =>
        new(nameof(CompletionUnknown), FailureKind.InvalidData,
            $"The store answered that it completed '{target}', but its response does not say of what, and the object could not be looked "
                + $"up: {inner.Message}", inner)
        {
            RecommendedAction = "Compare the object with its source; if they are equal, nothing is left to do. "
                + "The look-up needs s3:GetObject.",
        };

    internal static S3MultipartException ObjectNotVerified(string target) =>
        new(nameof(VerifyImpossible), FailureKind.InvalidData,
            $"The upload of '{target}' was completed, but the store gives neither a checksum nor an ETag to compare the object by.")
        {
            RecommendedAction = "Compare the object with its source, or begin it with a -ChecksumAlgorithm that the store takes.",
        };

    internal static S3MultipartException ConditionFailed(string target, string why) => S3ServiceException.Create(
        new ServiceResponse("PreconditionFailed", System.Net.HttpStatusCode.PreconditionFailed), FailureKind.ResourceExists,
        $"The upload of '{target}' was not completed: {why}.");

    internal static S3MultipartException ObjectExists(string target, string? why = null) =>
        new(nameof(ObjectExists), FailureKind.ResourceExists,
            $"'{target}' is there already{(why is null ? "" : ", and not as the file: " + why)}: nothing was begun or sent for it.")
        {
            RecommendedAction = "Leave out -NoClobber to replace the object, or give another key.",
        };

    internal static S3MultipartException UploadUnchanged(string target) =>
        new(nameof(UploadUnchanged), FailureKind.InvalidOperation,
            $"There is no upload of '{target}': the object that is there holds just the bytes of the file, so nothing was begun.")
        {
            RecommendedAction = "Pass it on to Add-S3UploadPart and Complete-S3MultipartUpload as it is, which leave the object as it is. "
                + "To send other bytes, begin an upload without -Resume.",
        };

    internal static S3MultipartException ObjectNotIdentical(string target, string how) =>
        new(nameof(ObjectNotIdentical), FailureKind.InvalidData,
            $"The object '{target}' is no longer the one that was compared with the file: {how}.")
        {
            RecommendedAction = "Run the same line again (with -Resume on New-S3MultipartUpload), which compares them again.",
        };

    internal static S3MultipartException PartChecksumMismatch(string target, string expected, string actual) =>
        new(nameof(ChecksumMismatch), FailureKind.InvalidData,
            $"S3 stored a part of '{target}' with the checksum {actual}, but the bytes sent have {expected}.")
        {
            RecommendedAction = "Send the part again; if the error persists, check the disk, the memory and the proxy.",
        };

    internal static S3MultipartException UploadNotFound(string bucketName, string what) =>
        new(nameof(UploadNotFound), FailureKind.ObjectNotFound, $"There is no upload in progress in '{bucketName}' with {what}.")
        {
            RecommendedAction =
                $"List all of them: Get-S3MultipartUpload {bucketName}. One that was completed or stopped is no longer in progress.",
        };

    internal static S3MultipartException UploadStillHoldsParts(string target, int count) =>
        new(nameof(UploadStillHoldsParts), FailureKind.ResourceBusy,
            Invariant($"The upload of '{target}' was aborted, but S3 still lists {count:N0} of its parts: ")
                + "something is still sending to it.")
        {
            RecommendedAction = "Stop what sends the parts, then run Stop-S3MultipartUpload again.",
        };

    internal static S3MultipartException ListBroken(string target) =>
        new(FailureIds.ResponseInvalid, FailureKind.ProtocolError,
            $"The list for '{target}' does not continue from page to page, so it is incomplete.")
        {
            RecommendedAction = "Try again; if the error persists, the store or a proxy before it mixes up the pages of lists. "
                + "Do not delete or complete anything based on this list.",
        };

    internal static S3MultipartException PartTooLate(string part) =>
        new(nameof(PartTooLate), FailureKind.InvalidOperation,
            $"'{part}' came after its upload had all the parts of its source and was completed: it is not in the object.")
        {
            RecommendedAction = "Send parts of several sources by their numbers, with -PartNumber; then completion waits for all input.",
        };

    internal static S3MultipartException VerifyNeedsFile(string target) =>
        new(nameof(VerifyNeedsFile), FailureKind.InvalidOperation,
            $"The upload of '{target}' was not completed: -Verify compares its parts with a file, and none is known.")
        {
            RecommendedAction = "Pipe from Add-S3UploadPart, which knows the file, or leave -Verify out.",
        };

    internal static S3MultipartException VerifyImpossible(string target, int partNumber) =>
        new(nameof(VerifyImpossible), FailureKind.InvalidData,
            $"The upload of '{target}' was not completed: the store gave neither a checksum of part {partNumber} nor an ETag that is an "
                + "MD5, so it cannot be compared.")
        {
            RecommendedAction = "Complete it without -Verify, or begin it with a -ChecksumAlgorithm that the store takes.",
        };

    internal static S3MultipartException VerifyDiffers(string target, string path, int partNumber) =>
        new(nameof(VerifyDiffers), FailureKind.InvalidData,
            $"The upload of '{target}' was not completed: part {partNumber} in S3 differs from that part of '{path}' as it is now.")
        {
            RecommendedAction = "Send what differs with the same line and New-S3MultipartUpload -Resume.",
        };

    internal static S3MultipartException UploadNotStopped(string target, Exception inner) =>
        new(nameof(UploadNotStopped), FailureKind.ResourceBusy,
            $"The upload of '{target}' failed and could not be stopped: {inner.Message}", inner)
        {
            RecommendedAction = "Its parts are billed until it is stopped: run Stop-S3MultipartUpload.",
        };

    internal static S3MultipartException ResumedEncryptionDiffers(string target, string requested, string applied) =>
        new(nameof(ResumedEncryptionDiffers), FailureKind.InvalidOperation,
            $"The upload of '{target}' that was resumed is encrypted with {applied}, not with {requested} as requested.")
        {
            RecommendedAction = "Stop it with Stop-S3MultipartUpload and begin again, or continue without requesting an encryption.",
        };

    /// <summary>What the system says of an input, where no other failure names it.</summary>
    internal static S3MultipartException InputNotReadable(Exception inner) =>
        new(nameof(InputNotReadable), FailureKind.ReadError, inner.Message, inner)
        {
            RecommendedAction = "Check the disk and the permissions, and whether another program holds the file.",
        };

    /// <summary>An exception that the module does not expect.</summary>
    internal static S3MultipartException UnexpectedFailure(Exception inner) =>
        new(nameof(UnexpectedFailure), FailureKind.InvalidOperation, inner.Message, inner)
        {
            RecommendedAction = "Report this to the maintainers of the module, with the text of $Error[0].Exception.ToString().",
        };

    internal static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
