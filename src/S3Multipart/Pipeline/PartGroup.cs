using S3Multipart.Core.Engine;

namespace S3Multipart.Pipeline;

/// <summary>The parts of one upload as they come in; a number that comes again replaces the earlier one, as in S3.</summary>
internal sealed class PartGroup(UploadPart first)
{
    private readonly Dictionary<int, UploadPart> _parts = [];
    private bool _mayContinue;

    internal MultipartUpload Upload { get; } = PartOrigin.Of(first)?.Upload ?? new MultipartUpload
    {
        BucketName = first.BucketName,
        Key = first.Key,
        UploadId = first.UploadId,
        Region = first.Region,
        EndpointUrl = first.EndpointUrl,
        ProfileName = first.ProfileName,
    };

    internal IReadOnlyList<UploadPart> Parts => [.. _parts.Values];

    internal int? PartCount { get; private set; }

    internal bool IsListed { get; private set; }

    /// <summary>True once nothing more can come: parts that were sent by number, or elsewhere, may not be all there are.</summary>
    internal bool IsWhole => !_mayContinue && _parts.Count == PartCount;

    internal void Add(UploadPart part)
    {
        _parts[part.PartNumber] = part;

        // What comes from a list, or from another process, may be the first of more: it is not known here how its sending ended.
        PartOrigin? origin = PartOrigin.Of(part);
        IsListed |= origin is null or { IsListed: true };
        _mayContinue |= origin is null or { IsSelected: true };
        PartCount = part.PartCount ?? PartCount ?? UploadState.Of(Upload).Transfer.PartCount;
    }
}
