using System.Management.Automation;

namespace S3Multipart.Binding;

/// <summary>
/// Lets an upload bind after serialisation, and as a hashtable or row: anything with BucketName, Key and UploadId
/// (or IsUnchanged in place of the id) that is not a part.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UploadTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = Unwrapped.Of(inputData);
        return bare is not (MultipartUpload or UploadPart)
            && ObjectProperties.Of(inputData) is { } from
            && !from.Has(nameof(UploadPart.PartNumber))
            && from.Text(nameof(MultipartUpload.BucketName)) is { } bucketName
            && from.Text(nameof(MultipartUpload.Key)) is { } key
            && (from.Text(nameof(MultipartUpload.UploadId)), IsUnchanged(from)) is (not null, _) or (_, true)
            ? Make(from, bucketName, key)
            : inputData;
    }

    private static bool IsUnchanged(ObjectProperties from) => from.Flag(nameof(MultipartUpload.IsUnchanged));

    private static MultipartUpload Make(ObjectProperties from, string bucketName, string key) => new()
    {
        BucketName = bucketName,
        Key = key,
        UploadId = from.Text(nameof(MultipartUpload.UploadId)),
        IsUnchanged = IsUnchanged(from),
        ETag = from.Text(nameof(MultipartUpload.ETag)),
        VersionId = from.Text(nameof(MultipartUpload.VersionId)),
        Checksum = from.Text(nameof(MultipartUpload.Checksum)),
        Evidence = from.Text(nameof(MultipartUpload.Evidence)),
        KmsKeyId = from.Text(nameof(MultipartUpload.KmsKeyId)),
        Region = from.Text(nameof(MultipartUpload.Region)),
        EndpointUrl = from.Text(nameof(MultipartUpload.EndpointUrl)),
        ProfileName = from.Text(nameof(MultipartUpload.ProfileName)),
        Initiated = from.GetValue<DateTime>(nameof(MultipartUpload.Initiated)),
        StorageClass = from.Text(nameof(MultipartUpload.StorageClass)),
        Encryption = from.Text(nameof(MultipartUpload.Encryption)),
        SseCustomerKeyMD5 = from.Text(nameof(MultipartUpload.SseCustomerKeyMD5)),
        ChecksumAlgorithm = from.Text(nameof(MultipartUpload.ChecksumAlgorithm)),
        ChecksumType = from.Text(nameof(MultipartUpload.ChecksumType)),
        LiteralPath = from.Text(nameof(MultipartUpload.LiteralPath)),
        Length = from.GetValue<long>(nameof(MultipartUpload.Length)),
        FileLastWriteTime = from.GetTime(nameof(MultipartUpload.FileLastWriteTime)),
        FileChangeTime = from.GetTime(nameof(MultipartUpload.FileChangeTime)),
        PartSize = from.GetValue<long>(nameof(MultipartUpload.PartSize)),
        NoClobber = from.Flag(nameof(MultipartUpload.NoClobber)),
    };
}
