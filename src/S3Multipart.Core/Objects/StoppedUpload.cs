using S3Multipart.Core.Text;

namespace S3Multipart;

/// <summary>A multipart upload that S3 has aborted: its parts are gone and no longer billed.</summary>
public sealed class StoppedUpload
{
    internal StoppedUpload()
    {
    }

    /// <summary>The bucket of the upload.</summary>
    public required string BucketName { get; init; }

    /// <summary>The key of the upload.</summary>
    public required string Key { get; init; }

    /// <summary>The id of the upload.</summary>
    public required string UploadId { get; init; }

    /// <summary>When the upload had begun, in UTC.</summary>
    public DateTime? Initiated { get; init; }

    /// <summary>How many parts S3 held; null where it did not say, as of an upload with a customer key that was not given.</summary>
    public int? PartCount { get; init; }

    /// <summary>How many bytes S3 held and has freed; null like <see cref="PartCount"/>.</summary>
    public long? FreedBytes { get; init; }

    /// <summary>"requester" where S3 said that the requester pays.</summary>
    public string? RequestCharged { get; init; }

    /// <summary>The address that the object would have had.</summary>
    public override string ToString() => S3Uri.Of(BucketName, Key);
}
