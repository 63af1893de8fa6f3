using S3Multipart.Aws.Requests;
using S3Multipart.Core.Engine;
using S3Multipart.Transfer.Store;
using static S3Multipart.Aws.Operations.ResponseFields;

namespace S3Multipart.Aws.Operations;

/// <summary>What finds uploads in buckets that nobody has named.</summary>
internal sealed class BucketOperations(StoreAccess store)
{
    /// <summary>The most buckets of a page. Amazon S3 tells their Regions only where it is asked for pages.</summary>
    private const string BucketsOfPage = "1000";

    internal async Task<BucketPage> ListBucketsAsync(string? marker, CancellationToken cancellationToken)
    {
        string query = RequestText.QueryOf(("continuation-token", marker), ("max-buckets", BucketsOfPage));
        S3Request request = new(HttpMethod.Get, "", "", query);
        S3Response response = await store.SendAsync(request, cancellationToken);
        ListResponse list = new(response, request.ToString(), "ListAllMyBucketsResult", ("Buckets", null));
        ResponseElement buckets = list.Root.Child("Buckets")
            ?? throw AwsFailure.ResponseInvalid(request.ToString(), "it has no Buckets");
        store.NoteOwner(AccountOf(list.Root, "Owner")?.Id);
        return new BucketPage(
            [
                .. buckets.Children.Where(child => child.Name == "Bucket")
                    .Select(bucket => new ListedBucket(list.Required(bucket, "Name"), bucket.Text("BucketRegion"))),
            ],
            list.Root.Exact("ContinuationToken"));
    }

    internal async Task<AbortRules?> GetAbortRulesAsync(string bucketName, CancellationToken cancellationToken)
    {
        S3Request request = new(HttpMethod.Get, bucketName, "", "lifecycle=");
        request.Add("x-amz-expected-bucket-owner", store.Settings.ExpectedBucketOwner);
        S3Response response;
        try
        {
            response = await store.SendAsync(request, cancellationToken);
        }
        catch (S3ServiceException e) when (e.ErrorCode == "NoSuchLifecycleConfiguration")
        {
            return new AbortRules([]);
        }

        return response.Xml is { Name: "LifecycleConfiguration" } lifecycle ? LifecycleXml.Read(lifecycle) : null;
    }
}
