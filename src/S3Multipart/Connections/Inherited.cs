using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Connections;

/// <summary>What an input brings of how to reach S3: a connection, or after serialisation the names of one.</summary>
internal readonly record struct Inherited(S3Connection? Live, string? Region, string? EndpointUrl, string? ProfileName)
{
    internal ConnectionSettings Settings => Live?.Inheritable
        ?? new ConnectionSettings { Region = Region, EndpointUrl = EndpointUrl, ProfileName = ProfileName };

    internal static Inherited From(MultipartUpload upload) => UploadState.Of(upload).Connection is { } live
        ? new Inherited(live, null, null, null)
        : new Inherited(null, upload.Region, upload.EndpointUrl, upload.ProfileName);
}
