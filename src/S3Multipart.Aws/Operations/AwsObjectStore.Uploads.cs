using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Operations;

internal sealed partial class AwsObjectStore
{
    public Task<CreatedUpload> CreateMultipartUploadAsync(CreateInput input, CancellationToken cancellationToken)
    {
        // A store that rejects checksums gets none unless one was requested.
        bool isChecked = SendsChecksums || input.ChecksumAlgorithm is not null || input.ChecksumType is not null;
        BucketType bucket = BucketAddress.Parse(input.BucketName).Type;
        (string? algorithm, string? type) = isChecked
            ? ChecksumAlgorithms.Choose(bucket, input.ChecksumAlgorithm, input.ChecksumType, isAmazon: _traits is null) : (null, null);
        // Directory buckets have composite checksums only and know no type.
        bool hasType = isChecked && bucket != BucketType.Directory;
        return AdaptAsync(StoreFeature.Checksum, isChecked, checksum => checksum
            ? AdaptAsync(StoreFeature.ChecksumType, hasType, typed => CreateAsync(input, algorithm, type, typed, cancellationToken))
            : CreateAsync(input, algorithm: null, type: null, isTypeSent: false, cancellationToken));
    }

    private async Task<CreatedUpload> CreateAsync(
        CreateInput input, string? algorithm, string? type, bool isTypeSent, CancellationToken cancellationToken)
    {
        S3Request request = new(HttpMethod.Post, input.BucketName, input.Key, "uploads");
        CreateHeaders.Add(request, input);
        request.Add("x-amz-checksum-algorithm", algorithm);
        request.Add("x-amz-checksum-type", isTypeSent ? type : null);
        request.AddCommon(settings);
        S3Response response = await sender.SendAsync(request, timeout, cancellationToken);
        string id = response.Xml?.Text("UploadId") ?? throw AwsFailure.ResponseInvalid(request.ToString(), "it names no upload id");
        _traits?.Began(id);
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

    public Task<CompletedObject> CompleteMultipartUploadAsync(CompleteInput input, CancellationToken cancellationToken)
    {
        _traits?.Changes(input.Target.UploadId);
        bool hasChecksum = input is { ChecksumType: ChecksumAlgorithms.FullObject, ChecksumAlgorithm: not null, Checksum: not null };
        bool isCrc32 = hasChecksum && input.ChecksumAlgorithm is ChecksumAlgorithms.Crc32 or ChecksumAlgorithms.Crc32C;
        return AdaptAsync(StoreFeature.ObjectSize, SendsChecksums, sized => AdaptAsync(
            StoreFeature.WholeCrc32, isCrc32, crc32 => CompleteAsync(input, sized, hasChecksum && (crc32 || !isCrc32), cancellationToken)));
    }

    private async Task<CompletedObject> CompleteAsync(
        CompleteInput input, bool withSize, bool withChecksum, CancellationToken cancellationToken)
    {
        byte[] body = CompletionXml.Write(input.Parts);
        S3Request request = new(HttpMethod.Post, input.Target.BucketName, input.Target.Key, QueryOf(input.Target))
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
        request.AddCommon(settings);
        S3Response response = await sender.SendAsync(request, timeout, cancellationToken);
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

    private static AppliedEncryption EncryptionOf(S3Response response) => new()
    {
        Method = response.Header("x-amz-server-side-encryption")
            ?? (response.Header("x-amz-server-side-encryption-customer-algorithm") is null ? null : EncryptionInput.SseC),
        KmsKeyId = response.Header("x-amz-server-side-encryption-aws-kms-key-id"),
        KmsContext = response.Header("x-amz-server-side-encryption-context"),
        BucketKeyEnabled = bool.TryParse(response.Header("x-amz-server-side-encryption-bucket-key-enabled"), out bool enabled)
            ? enabled : null,
        CustomerKeyMD5 = response.Header("x-amz-server-side-encryption-customer-key-md5"),
    };

    private static (DateTime? Date, string? RuleId) ExpirationOf(S3Response response) =>
        Expiration().Match(response.Header("x-amz-expiration") ?? "") is { Success: true } match
            ? (DateOf(match.Groups["date"].Value), Uri.UnescapeDataString(match.Groups["rule"].Value)) : (null, null);

    private static DateTime? DateOf(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
            out DateTime date) ? date : null;

    [GeneratedRegex("""expiry-date="(?<date>[^"]*)",\s*rule-id="(?<rule>[^"]*)""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Expiration();
}
