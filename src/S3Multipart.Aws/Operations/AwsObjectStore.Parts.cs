using System.Security.Cryptography;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Operations;

internal sealed partial class AwsObjectStore
{
    private bool IsHttps => config.ServiceURL is not { } url || url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Amazon S3 itself takes a checksum behind the bytes; other stores often reject that.</summary>
    private bool TakesTrailers => IsHttps && config.ServiceURL is null;

    public Task<StoredPart> UploadPartAsync(PartInput input, CancellationToken cancellationToken)
    {
        bool hasChecksum = PartChecksum.IsKnown(input.ChecksumAlgorithm);
        PartInput plain = input with { ChecksumAlgorithm = null, SendContentMD5 = input.SendContentMD5 || hasChecksum || NeedsMD5(input) };
        return AdaptAsync(
            StoreFeature.Checksum, hasChecksum, checksum => SendPartAsync(checksum ? input : plain, cancellationToken));
    }

    /// <summary>
    /// True for a part without a checksum that goes to another store than Amazon's, though checksums are wanted: that store refused them,
    /// or the upload was begun where it did.
    /// </summary>
    private bool NeedsMD5(PartInput input) => _traits is not null
        && (SendsChecksums || _traits.Refuses(StoreFeature.Checksum))
        && BucketAddress.Parse(input.Target.BucketName).Type != BucketType.Directory;

    private async Task<StoredPart> SendPartAsync(PartInput input, CancellationToken cancellationToken)
    {
        _traits?.Changes(input.Target.UploadId);
        string? algorithm = input.ChecksumAlgorithm;
        string? trailing = TakesTrailers && ChecksumAlgorithms.HasTrailer(algorithm) && !input.SendContentMD5 ? algorithm : null;
        bool isSigned = !IsHttps && settings.DisablePayloadSigning != true;
        Digests digests = trailing is null ? await ReadForDigestsAsync(input, isSigned, cancellationToken) : default;
        string? checksum = digests.Checksum;
        long counted = 0;
        PartContent? content = null;
        S3Request request = new(
            HttpMethod.Put,
            input.Target.BucketName,
            input.Target.Key,
            QueryOf(input.Target, input.PartNumber))
        {
            PayloadHash = trailing is not null ? S3Request.UnsignedWithTrailer : digests.Sha256 ?? S3Request.Unsigned,
            Content = guard =>
            {
                TakeBack();
                return content = new PartContent(input, trailing, guard, Count, value => checksum = value);
            },
        };
        if (trailing is not null)
        {
            request.Add("content-encoding", "aws-chunked");
            request.Add("x-amz-decoded-content-length", Failure.Invariant($"{input.Body.Length}"));
            request.Add("x-amz-sdk-checksum-algorithm", trailing);
            request.Add("x-amz-trailer", PartContent.TrailerOf(trailing));
        }
        else if (checksum is not null)
        {
            request.Add(PartContent.TrailerOf(algorithm!), checksum);
        }

        request.Add("content-md5", digests.MD5);
        request.AddCustomerKey(input.Target.CustomerKey);
        request.AddCommon(settings);
        S3Response response;
        try
        {
            response = await sender.SendAsync(request, timeout, cancellationToken);
        }
        catch
        {
            TakeBack();
            throw;
        }

        if (content is { IsHandedOver: false })
        {
            TakeBack();
            throw AwsFailure.ResponseInvalid(request.ToString(), "it came before all of the part was sent");
        }

        string? reported = checksum is null ? null : response.Header(PartContent.TrailerOf(algorithm!));
        AppliedEncryption encryption = EncryptionOf(response);
        StoredPart stored = new()
        {
            PartNumber = input.PartNumber,
            Size = input.Body.Length,
            ETag = Quoted(response.Header("ETag") ?? throw AwsFailure.ResponseInvalid(request.ToString(), "it has no ETag")),
            IsETagOpaque = AreETagsOpaque(input.Target, encryption.Method),
            ChecksumAlgorithm = algorithm,
            Checksum = reported,
            ComputedChecksum = checksum,
            Encryption = encryption.Method,
            KmsKeyId = encryption.KmsKeyId,
            BucketKeyEnabled = encryption.BucketKeyEnabled,
            CustomerKeyMD5 = encryption.CustomerKeyMD5,
            RequestCharged = response.Header("x-amz-request-charged"),
        };
        return Compare(request, stored, digests.MD5);

        void Count(long bytes)
        {
            _ = Interlocked.Add(ref counted, bytes);
            input.Sent?.Invoke(bytes);
        }

        // What a failed try has sent does not count: the next one begins again.
        void TakeBack() => input.Sent?.Invoke(-Interlocked.Exchange(ref counted, 0));
    }

    /// <summary>The part, if what the store says of it is what was computed here.</summary>
    private static StoredPart Compare(S3Request request, StoredPart stored, string? computedMD5)
    {
        if (stored is { Checksum: { } reported, ComputedChecksum: { } computed } && reported != computed)
        {
            throw Failure.PartChecksumMismatch(request.ToString(), computed, reported);
        }

        if (computedMD5 is null || stored.MD5 is null)
        {
            return stored;
        }

        string md5 = Hex.Of(Convert.FromBase64String(computedMD5));
        return md5.Equals(stored.MD5, StringComparison.OrdinalIgnoreCase)
            ? stored with { IsMD5Compared = true }
            : throw Failure.PartChecksumMismatch(request.ToString(), md5, stored.MD5);
    }

    /// <summary>Reads the body once for the digests that go ahead of it in headers.</summary>
    private static async Task<Digests> ReadForDigestsAsync(PartInput input, bool isSigned, CancellationToken cancellationToken)
    {
        using PartChecksum? checksum = PartChecksum.Begin(input.ChecksumAlgorithm);
        using IncrementalHash? md5 = input.SendContentMD5 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        using IncrementalHash? sha256 = isSigned ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        if (checksum is null && md5 is null && sha256 is null)
        {
            return default;
        }

        await input.Body.ReadAllAsync(
            bytes =>
            {
                checksum?.Append(bytes.Span);
                md5?.AppendData(bytes.Span);
                sha256?.AppendData(bytes.Span);
            },
            cancellationToken);
        return new Digests(
            checksum?.End(),
            md5 is null ? null : Convert.ToBase64String(md5.GetHashAndReset()),
            sha256 is null ? null : Hex.Of(sha256.GetHashAndReset()));
    }

    private readonly record struct Digests(string? Checksum, string? MD5, string? Sha256);
}
