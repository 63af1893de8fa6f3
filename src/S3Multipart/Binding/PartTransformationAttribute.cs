using System.Collections;
using System.Management.Automation;

namespace S3Multipart.Binding;

/// <summary>
/// Lets parts bind after serialisation: anything with the identity of its upload, PartNumber, Size and ETag.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PartTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = Unwrapped.Of(inputData);
        return bare switch
        {
            UploadPart or UploadPart[] or MultipartUpload => inputData,
            IList list => list.Cast<object?>().Select(item => TryMake(item) ?? item).ToArray(),
            _ => TryMake(inputData) ?? inputData,
        };
    }

    private static UploadPart? TryMake(object? input) =>
        Unwrapped.Of(input) is not UploadPart
        && ObjectProperties.Of(input) is { } from
        && from.Text(nameof(UploadPart.BucketName)) is { } bucketName
        && from.Text(nameof(UploadPart.Key)) is { } key
        && from.Text(nameof(UploadPart.UploadId)) is { } uploadId
        && from.GetValue<int>(nameof(UploadPart.PartNumber)) is { } number
        && from.GetValue<long>(nameof(UploadPart.Size)) is { } size
        && from.Text(nameof(UploadPart.ETag)) is { } etag
            ? new UploadPart
            {
                BucketName = bucketName,
                Key = key,
                UploadId = uploadId,
                PartNumber = number,
                Size = size,
                ETag = etag,
                ChecksumAlgorithm = from.Text(nameof(UploadPart.ChecksumAlgorithm)),
                Checksum = from.Text(nameof(UploadPart.Checksum)),
                Evidence = from.Text(nameof(UploadPart.Evidence)),
                LastModified = from.GetValue<DateTime>(nameof(UploadPart.LastModified)),
                PartCount = from.GetValue<int>(nameof(UploadPart.PartCount)),
                Region = from.Text(nameof(UploadPart.Region)),
                EndpointUrl = from.Text(nameof(UploadPart.EndpointUrl)),
                ProfileName = from.Text(nameof(UploadPart.ProfileName)),
            }
            : null;
}
