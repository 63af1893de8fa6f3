using S3Multipart.Aws.Requests;
using S3Multipart.Core.Engine;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Operations;

/// <summary>What finds uploads in buckets that nobody has named.</summary>
internal sealed partial class AwsObjectStore
{
    /// <summary>The most buckets of a page. Amazon S3 tells their Regions only where it is asked for pages.</summary>
    private const int BucketsOfPage = 1000;

    /// <summary>The owner that MinIO and its forks name in every list.</summary>
    private const string MinioOwner = "02d6176db174dc93cb1b899f7c6078f08654445fe8cf1b6ce98d8855f66bdbf4";

    /// <summary>True once the store was known by its owner, where a proxy in front of it has a name of its own.</summary>
    private volatile bool _isMinio;

    public async Task<BucketPage> ListBucketsAsync(string? marker, CancellationToken cancellationToken)
    {
        string from = marker is null ? "" : $"continuation-token={Uri.EscapeDataString(marker)}&";
        S3Request request = new(HttpMethod.Get, "", "", $"{from}max-buckets={BucketsOfPage}");
        S3Response response = await sender.SendAsync(request, timeout, cancellationToken);
        ListResponse list = new(response, request.ToString(), "ListAllMyBucketsResult", ("Buckets", null));
        ResponseElement buckets = list.Root.Child("Buckets")
            ?? throw AwsFailure.ResponseInvalid(request.ToString(), "it has no Buckets");
        _isMinio |= AccountOf(list.Root, "Owner")?.Id == MinioOwner;
        return new BucketPage(
            [
                .. buckets.Children.Where(child => child.Name == "Bucket")
                    .Select(bucket => new ListedBucket(list.Required(bucket, "Name"), bucket.Text("BucketRegion"))),
            ],
            list.Root.Exact("ContinuationToken"));
    }

    public async Task<AbortRules?> GetAbortRulesAsync(string bucketName, CancellationToken cancellationToken)
    {
        S3Request request = new(HttpMethod.Get, bucketName, "", "lifecycle=");
        request.Add("x-amz-expected-bucket-owner", settings.ExpectedBucketOwner);
        S3Response response;
        try
        {
            response = await sender.SendAsync(request, timeout, cancellationToken);
        }
        catch (S3ServiceException e) when (e.ErrorCode == "NoSuchLifecycleConfiguration")
        {
            return new AbortRules([]);
        }

        return response.Xml is { Name: "LifecycleConfiguration" } lifecycle ? LifecycleXml.Read(lifecycle) : null;
    }

    /// <summary>
    /// True for MinIO and its forks, which list uploads by an exact key only, and without one no more than they remember. They say who they
    /// are.
    /// </summary>
    private bool ListsExactKeysOnly(S3Response response) =>
        _traits is not null && (_isMinio || response.Header("Server")?.StartsWith("MinIO", StringComparison.OrdinalIgnoreCase) == true);
}
