using System.Globalization;
using Amazon.Runtime;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Operations;

/// <summary>
/// The operations of S3 as requests of our own. The AWS SDK finds the credentials and the endpoint of each and opens the sessions of
/// directory buckets; its pipeline is not used, because it costs more than all else of a small request.
/// </summary>
/// <param name="config">What the SDK makes of the user's settings.</param>
/// <param name="sender">Sends the requests.</param>
/// <param name="settings">The user's settings.</param>
/// <param name="timeout">The idle timeout of a request.</param>
/// <param name="warn">Receives warnings about the store; called from any thread.</param>
internal sealed partial class AwsObjectStore(
    IClientConfig config, RequestSender sender, ConnectionSettings settings, TimeSpan timeout, Action<string> warn)
    : IObjectStore
{
    /// <summary>What is known of the store; null for Amazon S3.</summary>
    private readonly StoreTraits? _traits = StoreTraits.Of(config.ServiceURL);

    private bool SendsChecksums => config.RequestChecksumCalculation == RequestChecksumCalculation.WHEN_SUPPORTED;

    public async Task<StoredPart> UploadPartCopyAsync(PartCopyInput input, CancellationToken cancellationToken)
    {
        _traits?.Changes(input.Target.UploadId);
        CopySource source = input.Source;
        S3Request request = new(HttpMethod.Put, input.Target.BucketName, input.Target.Key, QueryOf(input.Target, input.PartNumber))
        {
            // S3 signs copies into directory buckets with the caller's keys, for the caller has to be known to both buckets.
            UsesSession = false,
            Size = input.Size,
            Subject = $"{input.Target} from {S3Uri.Of(source.BucketName, source.Key)}",
        };
        request.Add("x-amz-copy-source", CopySourceOf(source));
        request.Add("x-amz-copy-source-range", input.Range is (long first, long last) ? Failure.Invariant($"bytes={first}-{last}") : null);
        request.Add("x-amz-copy-source-if-match", input.SourceETag);
        request.Add("x-amz-copy-source-if-none-match", source.IfNoneMatch);
        request.Add("x-amz-copy-source-if-modified-since", TextOf(source.IfModifiedSince));
        request.Add("x-amz-copy-source-if-unmodified-since", TextOf(source.IfUnmodifiedSince));
        request.Add("x-amz-source-expected-bucket-owner", source.ExpectedBucketOwner);
        request.AddCustomerKey(source.CustomerKey, "x-amz-copy-source-server-side-encryption-customer-");
        request.AddCustomerKey(input.Target.CustomerKey);
        request.AddCommon(settings);
        S3Response response = await sender.SendAsync(request, timeout, cancellationToken);
        ListResponse result = new(response, "CopyPartResult", request.ToString());
        (string? algorithm, string? checksum) = ChecksumOf(name => result.Root.Text("Checksum" + name));
        AppliedEncryption encryption = EncryptionOf(response);
        return new StoredPart
        {
            PartNumber = input.PartNumber,
            Size = input.Size,
            ETag = Quoted(result.Required(result.Root, "ETag")),
            ChecksumAlgorithm = algorithm,
            Checksum = checksum,
            LastModified = result.Date(result.Root, "LastModified"),
            Encryption = encryption.Method,
            KmsKeyId = encryption.KmsKeyId,
            BucketKeyEnabled = encryption.BucketKeyEnabled,
            CustomerKeyMD5 = encryption.CustomerKeyMD5,
            IsETagOpaque = AreETagsOpaque(input.Target, encryption.Method),
            CopySourceVersionId = response.Header("x-amz-copy-source-version-id"),
            RequestCharged = response.Header("x-amz-request-charged"),
        };
    }

    public async Task<string?> AbortMultipartUploadAsync(UploadTarget target, DateTime? ifInitiated, CancellationToken cancellationToken)
    {
        S3Request request = new(HttpMethod.Delete, target.BucketName, target.Key, QueryOf(target));
        request.Add("x-amz-if-match-initiated-time", TextOf(ifInitiated));
        request.AddCommon(settings);
        _traits?.Changes(target.UploadId);
        return (await sender.SendAsync(request, timeout, cancellationToken)).Header("x-amz-request-charged");
    }

    /// <summary>Sends a request with a feature, and where the store turns out to refuse it, without.</summary>
    private Task<T> AdaptAsync<T>(StoreFeature feature, bool isUsed, Func<bool, Task<T>> send) =>
        _traits is null ? send(isUsed) : _traits.SendAsync(feature, isUsed, send, warn);

    private static bool AreETagsOpaque(UploadTarget target, string? encryption) =>
        target.CustomerKey is not null || ETags.AreOpaque(target.BucketName, encryption);

    private static string QueryOf(UploadTarget target, int? partNumber = null) =>
        (partNumber is int number ? Failure.Invariant($"partNumber={number}&") : "") + "uploadId=" + Uri.EscapeDataString(target.UploadId);

    /// <summary>The source as the header has it: escaped as in a path. That of an access point has object/ before the key.</summary>
    private static string CopySourceOf(CopySource source)
    {
        bool isArn = source.BucketName.StartsWith("arn:", StringComparison.Ordinal);
        string path = isArn ? $"{WithSlashes(source.BucketName)}/object/{source.Key}" : $"{source.BucketName}/{source.Key}";
        string version = source.VersionId is null ? "" : "?versionId=" + Uri.EscapeDataString(source.VersionId);
        return S3Endpoint.Escape(path) + version;
    }

    /// <summary>
    /// An ARN whose resource is written with slashes, as the reference of copies has it: outpost/ID/accesspoint/NAME. Everywhere else
    /// colons are taken as well.
    /// </summary>
    private static string WithSlashes(string arn) => arn.Split(':', 6) is [.., { } resource] parts && parts.Length == 6
        ? string.Join(':', parts[..5]) + ":" + resource.Replace(':', '/') : arn;

    /// <summary>The checksum among those that a response may have; of several the one of the wanted algorithm.</summary>
    private static (string? Algorithm, string? Checksum) ChecksumOf(Func<string, string?> find, string? wanted = null) =>
        ChecksumAlgorithms.All
            .OrderByDescending(algorithm => algorithm == wanted)
            .Select(algorithm => ((string?)algorithm, find(algorithm)))
            .FirstOrDefault(found => found.Item2 is not null);

    private static string? TextOf(DateTime? time) => time?.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Ceph sends the ETag of a copied part without the quotes that belong to it.</summary>
    private static string Quoted(string etag) => etag.StartsWith('"') ? etag : $"\"{etag}\"";
}
