namespace S3Multipart.Transfer;

/// <summary>Takes what becomes of a transfer. Called from any thread.</summary>
internal interface ITransferSink
{
    /// <summary>A part is in S3: sent now, or found there.</summary>
    void Stored(UploadPart part);

    /// <summary>Told once per upload, of its first failure; its other parts are not begun after that.</summary>
    void Failed(MultipartUpload upload, Exception failure, int? partNumber);

    /// <summary>So many bytes have left since the last call; negative when a part is begun again.</summary>
    void Moved(MultipartUpload upload, long bytes);

    /// <summary>Told once per upload that was gone on with: the store does not say whether it is encrypted as asked.</summary>
    void EncryptionUnseen(MultipartUpload upload);

    /// <summary>Told at the end of an upload that S3 held parts of before.</summary>
    void Resumed(MultipartUpload upload, ResumeReport report);
}
