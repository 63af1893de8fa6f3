using System.Security.Cryptography;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Store;
using static S3Multipart.Aws.Operations.ResponseFields;

namespace S3Multipart.Aws.Operations;

/// <summary>What begins an upload, copies parts to it, and ends it.</summary>
internal sealed class UploadOperations(StoreAccess store)
{
    internal Task<CreatedUpload> CreateMultipartUploadAsync(CreateInput input, CancellationToken cancellationToken)
    {
        // A store that rejects checksums gets none unless one was requested.
        bool isChecked = store.SendsChecksums || input.ChecksumAlgorithm is not null || input.ChecksumType is not null;
        BucketType bucket = BucketAddress.Parse(input.BucketName).Type;
        (string? algorithm, string? type) = isChecked
            ? ChecksumAlgorithms.Choose(bucket, input.ChecksumAlgorithm, input.ChecksumType, isAmazon: store.Traits is null) : (null, null);
        // Directory buckets have composite checksums only and know no type.
        bool hasType = isChecked && bucket != BucketType.Directory;
        return store.AdaptAsync(StoreFeature.Checksum, isChecked, checksum => checksum
            ? store.AdaptAsync(StoreFeature.ChecksumType, hasType, typed => CreateAsync(input, algorithm, type, typed, cancellationToken))
            : CreateAsync(input, algorithm: null, type: null, isTypeSent: false, cancellationToken));
    }

    private async Task<CreatedUpload> CreateAsync(
        CreateInput input, string? algorithm, string? type, bool isTypeSent, CancellationToken cancellationToken)
    {
        S3Request request = new(HttpMethod.Post, input.BucketName, input.Key, "uploads");
        CreateHeaders.Add(request, input);
        request.Add("x-amz-checksum-algorithm", algorithm);
        request.Add("x-amz-checksum-type", isTypeSent ? type : null);
        request.AddCommon(store.Settings);
        S3Response response = await store.SendAsync(request, cancellationToken);
        string id = response.Xml?.Text("UploadId") ?? throw AwsFailure.ResponseInvalid(request.ToString(), "it names no upload id");
        store.Traits?.Began(id);
        return new CreatedUpload
        {
            UploadId = id,
            AbortDate = DateOf(response.Header("x-amz-abort-date")),
            AbortRuleId = response.Header("x-amz-abort-rule-id"),
            RequestCharged = response.Header("x-amz-request-charged"),
            ChecksumAlgorithm = algorithm,
            ChecksumType = response.Header("x-amz-checksum-type") ?? type,
            Encryption = EncryptionOf(response),
        };
    }

    internal Task<CompletedObject> CompleteMultipartUploadAsync(CompleteInput input, CancellationToken cancellationToken)
    {
        store.Traits?.Changes(input.Target.UploadId);
        bool hasChecksum = input is { ChecksumType: ChecksumAlgorithms.FullObject, ChecksumAlgorithm: not null, Checksum: not null };
        bool isCrc32 = hasChecksum && input.ChecksumAlgorithm is ChecksumAlgorithms.Crc32 or ChecksumAlgorithms.Crc32C;
        return store.AdaptAsync(StoreFeature.ObjectSize, store.SendsChecksums, sized => store.AdaptAsync(
            StoreFeature.WholeCrc32, isCrc32, crc32 => CompleteAsync(input, sized, hasChecksum && (crc32 || !isCrc32), cancellationToken)));
    }

    private async Task<CompletedObject> CompleteAsync(
        CompleteInput input, bool withSize, bool withChecksum, CancellationToken cancellationToken)
    {
        byte[] body = CompletionXml.Write(input.Parts);
        S3Request request = new(HttpMethod.Post, input.Target.BucketName, input.Target.Key, RequestText.QueryOf(input.Target))
        {
            PayloadHash = Hex.Of(SHA256.HashData(body)),
            Content = guard =>
            {
                guard.AwaitResponse(input.Size);
                return new ByteArrayContent(body);
            },
        };
        request.Add("content-type", "application/xml");
        request.Add("if-match", input.IfMatch);
        request.Add("if-none-match", input.IfNoneMatch ? "*" : null);
        request.Add("x-amz-mp-object-size", withSize ? Failure.Invariant($"{input.Size}") : null);
        if (withChecksum)
        {
            request.Add("x-amz-checksum-type", input.ChecksumType);
            request.Add(PartContent.TrailerOf(input.ChecksumAlgorithm!), input.Checksum);
        }

        request.AddCustomerKey(input.Target.CustomerKey);
        request.AddCommon(store.Settings);
        S3Response response = await store.SendAsync(request, cancellationToken);
        ResponseElement xml = response.Document("CompleteMultipartUploadResult", ("Key", input.Target.Key), ("ETag", null))
            ?? throw AwsFailure.ResponseInvalid(request.ToString(), "it is not that of CompleteMultipartUpload");
        // Ceph leaves it empty at first; no store leaves it out.
        if (xml.Child("ETag") is null)
        {
            throw AwsFailure.ResponseInvalid(request.ToString(), "it has no ETag");
        }

        (string? algorithm, string? checksum) = ChecksumOf(name => xml.Text("Checksum" + name), input.ChecksumAlgorithm);
        (DateTime? expirationDate, string? expirationRule) = ExpirationOf(response);
        return new CompletedObject
        {
            Location = xml.Text("Location"),
            ETag = xml.Text("ETag") is { } etag ? Quoted(etag) : null,
            VersionId = response.Header("x-amz-version-id"),
            ExpirationDate = expirationDate,
            ExpirationRuleId = expirationRule,
            RequestCharged = response.Header("x-amz-request-charged"),
            ChecksumAlgorithm = algorithm,
            ChecksumType = xml.Text("ChecksumType"),
            Checksum = checksum,
            Encryption = EncryptionOf(response),
        };
    }

    internal async Task<StoredPart> UploadPartCopyAsync(PartCopyInput input, CancellationToken cancellationToken)
    {
        store.Traits?.Changes(input.Target.UploadId);
        CopySource source = input.Source;
        string query = RequestText.QueryOf(input.Target, input.PartNumber);
        S3Request request = new(HttpMethod.Put, input.Target.BucketName, input.Target.Key, query)
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
        request.Add("x-amz-copy-source-if-modified-since", RequestText.TextOf(source.IfModifiedSince));
        request.Add("x-amz-copy-source-if-unmodified-since", RequestText.TextOf(source.IfUnmodifiedSince));
        request.Add("x-amz-source-expected-bucket-owner", source.ExpectedBucketOwner);
        request.AddCustomerKey(source.CustomerKey, "x-amz-copy-source-server-side-encryption-customer-");
        request.AddCustomerKey(input.Target.CustomerKey);
        request.AddCommon(store.Settings);
        S3Response response = await store.SendAsync(request, cancellationToken);
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
            IsETagOpaque = ETags.AreOpaque(input.Target.BucketName, encryption.Method, input.Target.CustomerKey),
            CopySourceVersionId = response.Header("x-amz-copy-source-version-id"),
            RequestCharged = response.Header("x-amz-request-charged"),
        };
    }

    internal async Task<string?> AbortMultipartUploadAsync(UploadTarget target, DateTime? ifInitiated, CancellationToken cancellationToken)
    {
        S3Request request = new(HttpMethod.Delete, target.BucketName, target.Key, RequestText.QueryOf(target));
        request.Add("x-amz-if-match-initiated-time", RequestText.TextOf(ifInitiated));
        request.AddCommon(store.Settings);
        store.Traits?.Changes(target.UploadId);
        return (await store.SendAsync(request, cancellationToken)).Header("x-amz-request-charged");
    }

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
}
