using S3Multipart.Aws.Requests;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Operations;

internal sealed partial class AwsObjectStore
{
    public Task<CompletedObject> PutObjectAsync(PutInput input, CancellationToken cancellationToken)
    {
        CreateInput wanted = input.Object;
        bool isChecked = SendsChecksums || wanted.ChecksumAlgorithm is not null;
        string? algorithm = isChecked
            ? ChecksumAlgorithms.Choose(
                BucketAddress.Parse(wanted.BucketName).Type, wanted.ChecksumAlgorithm, type: null, isAmazon: _traits is null).Algorithm
            : null;
        PutInput plain = input with
        {
            SendContentMD5 = input.SendContentMD5 || isChecked || wanted.Object.HasObjectLock || NeedsMD5(wanted.BucketName),
        };
        return AdaptAsync(StoreFeature.Checksum, isChecked, checksum => SendObjectAsync(
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
        bool isOpaque = wanted.Encryption.CustomerKey is not null || ETags.AreOpaque(wanted.BucketName, encryption.Method);
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
}
