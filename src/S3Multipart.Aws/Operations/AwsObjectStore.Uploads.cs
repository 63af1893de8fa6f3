using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using S3Multipart.Aws.Requests;
using S3Multipart.Checksums;
using S3Multipart.Encryption;
using S3Multipart.Store;

namespace S3Multipart.Aws;

internal sealed partial class AwsObjectStore
{
    public async Task<CreatedUpload> CreateMultipartUploadAsync(CreateInput input, CancellationToken cancellationToken)
    {
        // A store that rejects checksums is spared them unless one was asked for.
        bool isChecked = SendsChecksums || input.ChecksumAlgorithm is not null || input.ChecksumType is not null;
        BucketType bucket = BucketAddress.Parse(input.BucketName).Type;
        (string? algorithm, string? type) = isChecked
            ? ChecksumAlgorithms.Choose(bucket, input.ChecksumAlgorithm, input.ChecksumType) : (null, null);
        S3Request request = new(HttpMethod.Post, input.BucketName, input.Key, "uploads");
        CreateHeaders.Add(request, input);
        request.Add("x-amz-checksum-algorithm", algorithm);
        // Directory buckets have composite checksums only and know no type.
        request.Add("x-amz-checksum-type", bucket == BucketType.Directory ? null : type);
        request.AddCommon(settings);
        S3Answer answer = await sender.SendAsync(request, timeout, cancellationToken);
        return new CreatedUpload
        {
            UploadId = answer.Xml?.Text("UploadId") ?? throw AwsFailure.AnswerInvalid(request.ToString(), "it names no upload id"),
            AbortDate = DateOf(answer.Header("x-amz-abort-date")),
            AbortRuleId = answer.Header("x-amz-abort-rule-id"),
            RequestCharged = answer.Header("x-amz-request-charged"),
            ChecksumAlgorithm = algorithm,
            ChecksumType = answer.Header("x-amz-checksum-type") ?? type,
            Encryption = EncryptionOf(answer),
        };
    }

    public async Task<CompletedObject> CompleteMultipartUploadAsync(CompleteInput input, CancellationToken cancellationToken)
    {
        byte[] body = CompletionXml.Write(input.Parts);
        S3Request request = new(HttpMethod.Post, input.Target.BucketName, input.Target.Key, QueryOf(input.Target))
        {
            PayloadHash = Hex.Of(SHA256.HashData(body)),
            Content = guard =>
            {
                guard.AwaitAnswer(input.Size);
                return new ByteArrayContent(body);
            },
        };
        request.Add("content-type", "application/xml");
        request.Add("if-match", input.IfMatch);
        request.Add("if-none-match", input.IfNoneMatch ? "*" : null);
        request.Add("x-amz-mp-object-size", SendsChecksums ? Failure.Invariant($"{input.Size}") : null);
        if (input is { ChecksumType: ChecksumAlgorithms.FullObject, ChecksumAlgorithm: { } sent, Checksum: { } value })
        {
            request.Add("x-amz-checksum-type", input.ChecksumType);
            request.Add(PartContent.TrailerOf(sent), value);
        }

        request.AddCustomerKey(input.Target.CustomerKey);
        request.AddCommon(settings);
        S3Answer answer = await sender.SendAsync(request, timeout, cancellationToken);
        AnswerElement xml = answer.Document("CompleteMultipartUploadResult", ("Key", input.Target.Key), ("ETag", null))
            ?? throw AwsFailure.AnswerInvalid(request.ToString(), "it is not that of CompleteMultipartUpload");
        // Ceph leaves it empty at first; no store leaves it out.
        if (xml.Child("ETag") is null)
        {
            throw AwsFailure.AnswerInvalid(request.ToString(), "it has no ETag");
        }

        (string? algorithm, string? checksum) = ChecksumOf(name => xml.Text("Checksum" + name), input.ChecksumAlgorithm);
        Match expiration = Expiration().Match(answer.Header("x-amz-expiration") ?? "");
        return new CompletedObject
        {
            Location = xml.Text("Location"),
            ETag = xml.Text("ETag") is { } etag ? Quoted(etag) : null,
            VersionId = answer.Header("x-amz-version-id"),
            ExpirationDate = expiration.Success ? DateOf(expiration.Groups["date"].Value) : null,
            ExpirationRuleId = expiration.Success ? Uri.UnescapeDataString(expiration.Groups["rule"].Value) : null,
            RequestCharged = answer.Header("x-amz-request-charged"),
            ChecksumAlgorithm = algorithm,
            ChecksumType = xml.Text("ChecksumType"),
            Checksum = checksum,
            Encryption = EncryptionOf(answer),
        };
    }

    private static AppliedEncryption EncryptionOf(S3Answer answer) => new()
    {
        Method = answer.Header("x-amz-server-side-encryption")
            ?? (answer.Header("x-amz-server-side-encryption-customer-algorithm") is null ? null : EncryptionInput.SseC),
        KmsKeyId = answer.Header("x-amz-server-side-encryption-aws-kms-key-id"),
        KmsContext = answer.Header("x-amz-server-side-encryption-context"),
        BucketKeyEnabled = bool.TryParse(answer.Header("x-amz-server-side-encryption-bucket-key-enabled"), out bool enabled)
            ? enabled : null,
        CustomerKeyMD5 = answer.Header("x-amz-server-side-encryption-customer-key-md5"),
    };

    private static DateTime? DateOf(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
            out DateTime date) ? date : null;

    [GeneratedRegex("""expiry-date="(?<date>[^"]*)",\s*rule-id="(?<rule>[^"]*)""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Expiration();
}
