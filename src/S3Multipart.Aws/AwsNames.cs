using Amazon;
using Amazon.S3;
using Amazon.S3.Model;
using S3Multipart.Aws.Identity;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws;

/// <summary>The names that the SDK knows.</summary>
internal static class AwsNames
{
    internal static IReadOnlyList<string> ListRegions() => [.. RegionEndpoint.EnumerableAllRegions.Select(region => region.SystemName)];

    internal static IReadOnlyList<string> ListProfiles(string? location) => Profiles.ListNames(location);

    internal static async Task<IReadOnlyList<string>> ListBucketsAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        AwsIdentity identity = AwsIdentity.Resolve(settings);
        AmazonS3Config config = AwsClientConfig.Make(settings, identity.Region, AwsHttp.Of(TlsTrust.Of(settings)));
        using AmazonS3Client client = identity.Credentials is { } credentials
            ? new AmazonS3Client(credentials, config)
            : new AmazonS3Client(config);
        ListBucketsResponse response = await client.ListBucketsAsync(new ListBucketsRequest(), cancellationToken);
        return [.. (response.Buckets ?? []).Select(bucket => bucket.BucketName)];
    }
}
