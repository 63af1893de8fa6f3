using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;

namespace S3Multipart.Aws.Requests;

/// <summary>One request to S3, before it is signed. It can be sent as often as needed.</summary>
internal sealed class S3Request(HttpMethod method, string bucketName, string key, string query)
{
    internal const string Unsigned = "UNSIGNED-PAYLOAD";
    internal const string UnsignedWithTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    private const string HashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    internal HttpMethod Method => method;

    internal string BucketName => bucketName;

    internal string Key => key;

    /// <summary>What follows the question mark: escaped, and sorted by name.</summary>
    internal string Query => query;

    /// <summary>Names are in small letters. Values are as they are sent.</summary>
    internal List<KeyValuePair<string, string>> Headers { get; } = new(16);

    /// <summary>The digest of the body in hex, or the word that it is not signed.</summary>
    internal string PayloadHash { get; init; } = HashOfNothing;

    /// <summary>Makes the body again for each try.</summary>
    internal Func<StallGuard, HttpContent>? Content { get; init; }

    /// <summary>How many bytes S3 has to store before it can respond.</summary>
    internal long Size { get; init; }

    /// <summary>False for a request to a directory bucket that is not signed with a session's keys.</summary>
    internal bool UsesSession { get; init; } = true;

    /// <summary>What a failure is about; the object where nothing else is said.</summary>
    internal string? Subject { get; init; }

    internal void Add(string name, string? value)
    {
        if (value is not null)
        {
            Headers.Add(new(name, value));
        }
    }

    internal void AddCustomerKey(SseCustomerKey? customerKey, string prefix = "x-amz-server-side-encryption-customer-")
    {
        if (customerKey is not null)
        {
            Add(prefix + "algorithm", SseCustomerKey.Algorithm);
            Add(prefix + "key", customerKey.ToBase64());
            Add(prefix + "key-md5", customerKey.ToMD5Base64());
        }
    }

    internal void AddCommon(ConnectionSettings settings)
    {
        Add("x-amz-expected-bucket-owner", settings.ExpectedBucketOwner);
        Add("x-amz-request-payer", settings.RequestPayer == true ? "requester" : null);
    }

    public override string ToString() => Subject ?? (key.Length == 0 ? S3Uri.Of(bucketName) : S3Uri.Of(bucketName, key));
}
