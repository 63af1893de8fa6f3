using System.Runtime.CompilerServices;

namespace S3Multipart.Core.Engine;

/// <summary>What this process knows of a part beside what its object shows. All parts of one transfer or list share it.</summary>
/// <param name="Upload">The upload that the part was sent to or listed from.</param>
/// <param name="IsSelected">True for parts that were sent by their numbers: others, of this source or of another, may follow.</param>
/// <param name="IsListed">True for parts from a list, which cannot show whether more were to come.</param>
/// <param name="IsETagOpaque">True where the ETag is known to be no MD5.</param>
internal sealed record PartOrigin(MultipartUpload Upload, bool IsSelected = false, bool IsListed = false, bool IsETagOpaque = false)
{
    private static readonly ConditionalWeakTable<UploadPart, PartOrigin> s_origins = [];

    /// <summary>Null for a part that came from elsewhere.</summary>
    internal static PartOrigin? Of(UploadPart part) => s_origins.TryGetValue(part, out PartOrigin? origin) ? origin : null;

    internal UploadPart AttachTo(UploadPart part)
    {
        s_origins.Add(part, this);
        return part;
    }
}
