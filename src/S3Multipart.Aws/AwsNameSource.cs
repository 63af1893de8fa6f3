using Amazon;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Amazon.S3.Model;
using S3Multipart.Store;

namespace S3Multipart.Aws;

/// <summary>
/// The names that the SDK knows. Made by name from the private load context, so it keeps a constructor without parameters.
/// </summary>
internal sealed class AwsNameSource : INameSource
{
    public IReadOnlyList<string> ListRegions() => [.. RegionEndpoint.EnumerableAllRegions.Select(region => region.SystemName)];

    public IReadOnlyList<string> ListProfiles(string? location) =>
        [.. new CredentialProfileStoreChain(location).ListProfiles().Select(profile => profile.Name)];

    public async Task<IReadOnlyList<string>> ListBucketsAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        AwsIdentity identity = AwsIdentity.Resolve(settings);
        AmazonS3Config config = AwsClientConfig.Make(settings, identity.Region);
        using AmazonS3Client client = identity.Credentials is { } credentials
            ? new AmazonS3Client(credentials, config) : new AmazonS3Client(config);
        ListBucketsResponse response = await client.ListBucketsAsync(new ListBucketsRequest(), cancellationToken);
        return [.. (response.Buckets ?? []).Select(bucket => bucket.BucketName)];
    }
}
