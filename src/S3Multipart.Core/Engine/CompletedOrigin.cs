using System.Runtime.CompilerServices;

namespace S3Multipart.Core.Engine;

/// <summary>What this process knows of a completed upload beside what its object shows: the upload, with its connection and key.</summary>
internal static class CompletedOrigin
{
    private static readonly ConditionalWeakTable<CompletedUpload, MultipartUpload> s_uploads = [];

    /// <summary>Null for one that came from elsewhere.</summary>
    internal static MultipartUpload? Of(CompletedUpload completed) =>
        s_uploads.TryGetValue(completed, out MultipartUpload? upload) ? upload : null;

    internal static CompletedUpload Attach(MultipartUpload upload, CompletedUpload completed)
    {
        s_uploads.Add(completed, upload);
        return completed;
    }
}
