using S3Multipart.Core.Planning;

namespace S3Multipart.Core.Engine;

/// <summary>Receives the results of a transfer. Called from any thread.</summary>
internal interface ITransferSink
{
    /// <summary>A part is in S3: sent now, or found there.</summary>
    void Stored(UploadPart part);

    /// <summary>Called once per upload, with its first failure; its other parts are not begun after that.</summary>
    void Failed(MultipartUpload upload, Exception failure, int? partNumber);

    /// <summary>
    /// Called in place of a failure where the upload is gone because another run has completed it, with the object that holds the bytes of
    /// the file.
    /// </summary>
    void Unchanged(MultipartUpload upload, MultipartUpload unchanged);

    /// <summary>The number of bytes sent since the last call; negative when a part is begun again.</summary>
    void Moved(MultipartUpload upload, long bytes);

    /// <summary>Called once per resumed upload: the store does not say whether it is encrypted as requested.</summary>
    void EncryptionUnseen(MultipartUpload upload);

    /// <summary>Called at the end of an upload that S3 held parts of before.</summary>
    void Resumed(MultipartUpload upload, ResumeReport report);
}

/// <summary>How an upload was resumed.</summary>
/// <param name="Path">The file.</param>
/// <param name="Plan">How it is cut.</param>
/// <param name="Reused">How many parts S3 held with just the file's bytes.</param>
/// <param name="Differing">How many it held with others, or with nothing to compare, which were sent again.</param>
/// <param name="RequestedPartSize">The part size that the user requested.</param>
internal sealed record ResumeReport(string Path, PartPlan Plan, int Reused, int Differing, long? RequestedPartSize);
