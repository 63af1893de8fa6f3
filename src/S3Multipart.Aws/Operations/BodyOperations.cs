using S3Multipart.Aws.Requests;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Store;
using static S3Multipart.Aws.Operations.ResponseFields;

namespace S3Multipart.Aws.Operations;

/// <summary>What sends bytes: a part, or a whole object.</summary>
internal sealed class BodyOperations(StoreAccess store)
{
    internal Task<StoredPart> UploadPartAsync(PartInput input, CancellationToken cancellationToken)
    {
        bool hasChecksum = PartChecksum.IsKnown(input.ChecksumAlgorithm);
        PartInput plain = input with
        {
            ChecksumAlgorithm = null,
            SendContentMD5 = input.SendContentMD5 || hasChecksum || NeedsMD5(input.Target.BucketName),
        };
        return store.AdaptAsync(
            StoreFeature.Checksum, hasChecksum, checksum => SendPartAsync(checksum ? input : plain, cancellationToken));
    }

    /// <summary>
    /// True for a part without a checksum that goes to another store than Amazon's, though checksums are wanted: that store refused them,
    /// or the upload was begun where it did.
    /// </summary>
    private bool NeedsMD5(string bucketName) => store.Traits is not null
        && (store.SendsChecksums || store.Traits.Refuses(StoreFeature.Checksum))
        && BucketAddress.Parse(bucketName).Type != BucketType.Directory;

    private async Task<StoredPart> SendPartAsync(PartInput input, CancellationToken cancellationToken)
    {
        store.Traits?.Changes(input.Target.UploadId);
        UploadTarget target = input.Target;
        bool isTrailing = store.TakesTrailers && ChecksumAlgorithms.HasTrailer(input.ChecksumAlgorithm) && !input.SendContentMD5;
        SentBody sent = await SendBodyAsync(
            input,
            isTrailing,
            (hash, content) => new S3Request(HttpMethod.Put, target.BucketName, target.Key, RequestText.QueryOf(target, input.PartNumber))
            {
                PayloadHash = hash,
                Content = content,
            },
            request => request.AddCustomerKey(target.CustomerKey),
            cancellationToken);
        S3Response response = sent.Response;
        AppliedEncryption encryption = EncryptionOf(response);
        return Compare(sent, new StoredPart
        {
            PartNumber = input.PartNumber,
            Size = input.Body.Length,
            ETag = ETagOf(sent),
            IsETagOpaque = ETags.AreOpaque(target.BucketName, encryption.Method, target.CustomerKey),
            ChecksumAlgorithm = input.ChecksumAlgorithm,
            Checksum = sent.Reported,
            ComputedChecksum = sent.Checksum,
            Encryption = encryption.Method,
            KmsKeyId = encryption.KmsKeyId,
            BucketKeyEnabled = encryption.BucketKeyEnabled,
            CustomerKeyMD5 = encryption.CustomerKeyMD5,
            RequestCharged = response.Header("x-amz-request-charged"),
        });
    }

    /// <summary>Sends bytes with the digests that go with them.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="isTrailing">True to compute the checksum as the bytes leave and to send it behind them.</param>
    /// <param name="make">Makes the request from the hash of its body and the body.</param>
    /// <param name="add">Adds the headers that are not about the bytes.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    private async Task<SentBody> SendBodyAsync(
        BodyInput input, bool isTrailing, Func<string, Func<StallGuard, HttpContent>, S3Request> make, Action<S3Request> add,
        CancellationToken cancellationToken)
    {
        string? algorithm = input.ChecksumAlgorithm;
        bool isSigned = !store.IsHttps && store.Settings.DisablePayloadSigning != true;
        BodyDigests digests = isTrailing ? default : await input.Body.DigestAsync(
            new RequiredDigests(algorithm, input.SendContentMD5, isSigned), cancellationToken);
        string? checksum = digests.Checksum;
        long counted = 0;
        PartContent? content = null;
        S3Request request = make(
            isTrailing ? S3Request.UnsignedWithTrailer : digests.Sha256 ?? S3Request.Unsigned,
            guard =>
            {
                TakeBack();
                return content = new PartContent(input, isTrailing ? algorithm : null, guard, Count, value => checksum = value);
            });
        if (isTrailing)
        {
            request.Add("content-encoding", "aws-chunked");
            request.Add("x-amz-decoded-content-length", Failure.Invariant($"{input.Body.Length}"));
            request.Add("x-amz-sdk-checksum-algorithm", algorithm);
            request.Add("x-amz-trailer", PartContent.TrailerOf(algorithm!));
        }
        else if (checksum is not null)
        {
            request.Add(PartContent.TrailerOf(algorithm!), checksum);
        }

        request.Add("content-md5", digests.MD5);
        add(request);
        request.AddCommon(store.Settings);
        S3Response response;
        try
        {
            response = await store.SendAsync(request, cancellationToken);
        }
        catch
        {
            TakeBack();
            throw;
        }

        if (content is { IsHandedOver: false })
        {
            TakeBack();
            throw AwsFailure.ResponseInvalid(request.ToString(), "it came before all of the bytes were sent");
        }

        string? reported = checksum is null ? null : response.Header(PartContent.TrailerOf(algorithm!));
        return reported is null || reported == checksum
            ? new SentBody(request, response, checksum, reported, digests.MD5)
            : throw Failure.PartChecksumMismatch(request.ToString(), checksum!, reported);

        void Count(long bytes)
        {
            _ = Interlocked.Add(ref counted, bytes);
            input.Sent?.Invoke(bytes);
        }

        // What a failed try has sent does not count: the next one begins again.
        void TakeBack() => input.Sent?.Invoke(-Interlocked.Exchange(ref counted, 0));
    }

    private static string ETagOf(SentBody sent) =>
        Quoted(sent.Response.Header("ETag") ?? throw AwsFailure.ResponseInvalid(sent.Request.ToString(), "it has no ETag"));

    /// <summary>The part, if the MD5 that the store says it has is that which was computed here.</summary>
    private static StoredPart Compare(SentBody sent, StoredPart stored) =>
        IsMD5Equal(sent, stored.MD5) ? stored with { IsMD5Compared = true } : stored;

    /// <summary>True where both MD5s are known and equal; fails where they differ.</summary>
    private static bool IsMD5Equal(SentBody sent, string? reported)
    {
        if (sent.MD5 is null || reported is null)
        {
            return false;
        }

        string computed = Hex.Of(Convert.FromBase64String(sent.MD5));
        return computed.Equals(reported, StringComparison.OrdinalIgnoreCase)
            ? true
            : throw Failure.PartChecksumMismatch(sent.Request.ToString(), computed, reported);
    }

    internal Task<CompletedObject> PutObjectAsync(PutInput input, CancellationToken cancellationToken)
    {
        CreateInput wanted = input.Object;
        bool isChecked = store.SendsChecksums || wanted.ChecksumAlgorithm is not null;
        string? algorithm = isChecked
            ? ChecksumAlgorithms.Choose(
                BucketAddress.Parse(wanted.BucketName).Type, wanted.ChecksumAlgorithm, type: null, isAmazon: store.Traits is null).Algorithm
            : null;
        PutInput plain = input with
        {
            SendContentMD5 = input.SendContentMD5 || isChecked || wanted.Object.HasObjectLock || NeedsMD5(wanted.BucketName),
        };
        return store.AdaptAsync(StoreFeature.Checksum, isChecked, checksum => SendObjectAsync(
            checksum ? input with { ChecksumAlgorithm = algorithm } : plain, cancellationToken));
    }

    /// <summary>
    /// The checksum goes ahead of the bytes, never behind them: they are few, and the object's own content encoding stays what it is.
    /// </summary>
    private async Task<CompletedObject> SendObjectAsync(PutInput input, CancellationToken cancellationToken)
    {
        CreateInput wanted = input.Object;
        SentBody sent = await SendBodyAsync(
            input,
            isTrailing: false,
            (hash, content) => new S3Request(HttpMethod.Put, wanted.BucketName, wanted.Key, "") { PayloadHash = hash, Content = content },
            request =>
            {
                CreateHeaders.Add(request, wanted);
                request.Add("if-none-match", wanted.NoClobber ? "*" : null);
            },
            cancellationToken);
        S3Response response = sent.Response;
        AppliedEncryption encryption = EncryptionOf(response);
        string etag = ETagOf(sent);
        bool isOpaque = ETags.AreOpaque(wanted.BucketName, encryption.Method, wanted.Encryption.CustomerKey);
        (DateTime? expirationDate, string? expirationRule) = ExpirationOf(response);
        return new CompletedObject
        {
            ETag = etag,
            VersionId = response.Header("x-amz-version-id"),
            ExpirationDate = expirationDate,
            ExpirationRuleId = expirationRule,
            RequestCharged = response.Header("x-amz-request-charged"),
            ChecksumAlgorithm = sent.Reported is null ? null : input.ChecksumAlgorithm,
            ChecksumType = sent.Reported is null ? null : ChecksumAlgorithms.FullObject,
            Checksum = sent.Reported,
            Encryption = encryption,
            Evidence = sent.Reported is not null ? Evidence.OfChecksum(input.ChecksumAlgorithm!)
                : !isOpaque && IsMD5Equal(sent, ETags.MD5Of(etag)) ? Evidence.ETag
                : null,
        };
    }

    /// <summary>Bytes that were sent, with what was computed of them and what the store reported.</summary>
    private sealed record SentBody(S3Request Request, S3Response Response, string? Checksum, string? Reported, string? MD5);
}
