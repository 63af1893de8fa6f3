using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;

namespace S3Multipart.Commands;

/// <summary>Parts that S3 copies from another object; their bytes do not pass through this machine.</summary>
public sealed partial class AddS3UploadPartCommand
{
    /// <summary>The bucket of the object to copy from, or the ARN of an access point.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CopySet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string? SourceBucketName { get; set; }

    /// <summary>The key of the object to copy from.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CopySet)]
    [ValidateNotNullOrEmpty]
    public string? SourceKey { get; set; }

    /// <summary>The version of the object to copy from.</summary>
    [Parameter(ParameterSetName = CopySet)]
    [ValidateNotNullOrEmpty]
    public string? SourceVersionId { get; set; }

    /// <summary>The bytes to copy, as FIRST-LAST, counted from 0 and both included.</summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("CopySourceRange")]
    [ValidateNotNullOrEmpty]
    public string? Range { get; set; }

    /// <summary>Copies only if the source has this ETag.</summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("ETagToMatch")]
    [ValidateNotNullOrEmpty]
    public string? CopySourceIfMatch { get; set; }

    /// <summary>Copies only if the source has another ETag.</summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("ETagToNotMatch")]
    [ValidateNotNullOrEmpty]
    public string? CopySourceIfNoneMatch { get; set; }

    /// <summary>Copies only if the source was changed after this time.</summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("ModifiedSinceDate")]
    public DateTime? CopySourceIfModifiedSince { get; set; }

    /// <summary>Copies only if the source was not changed after this time.</summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("UnmodifiedSinceDate")]
    public DateTime? CopySourceIfUnmodifiedSince { get; set; }

    /// <summary>The customer key (SSE-C) of the source.</summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("CopySourceServerSideEncryptionCustomerProvidedKey")]
    [SseCustomerKeyTransformation]
    public SseCustomerKey? CopySourceSseCustomerKey { get; set; }

    /// <summary>The account id that must own the source's bucket.</summary>
    [Parameter(ParameterSetName = CopySet)]
    [ValidateNotNullOrEmpty]
    public string? ExpectedSourceBucketOwner { get; set; }

    private void Copy()
    {
        CopySource source = new(BucketAddress.Parse(SourceBucketName!).Name, SourceKey!,
            HeaderText.Check(nameof(SourceVersionId), SourceVersionId))
        {
            CustomerKey = CopySourceSseCustomerKey,
            ExpectedBucketOwner = HeaderText.Check(nameof(ExpectedSourceBucketOwner), ExpectedSourceBucketOwner),
            IfMatch = HeaderText.Check(nameof(CopySourceIfMatch), CopySourceIfMatch),
            IfNoneMatch = HeaderText.Check(nameof(CopySourceIfNoneMatch), CopySourceIfNoneMatch),
            IfModifiedSince = CopySourceIfModifiedSince,
            IfUnmodifiedSince = CopySourceIfUnmodifiedSince,
        };
        if (source.CustomerKey is not null)
        {
            DirectoryBucketRules.CheckCustomerKey(BucketAddress.Parse(source.BucketName).Type);
        }

        if (source.CustomerKey is not null)
        {
            CheckTransport(UploadState.Of(Reach(Upload)).Connection!, Force);
        }

        if (PrepareToSend(Upload, $"Copy parts of {S3Uri.Of(source.BucketName, source.Key)}") is not { } reached)
        {
            return;
        }

        IUploadTransfer transfer = TransferOf(reached, length: null, new PartSource.Copy(source));
        transfer.Copy(new CopyInput(source, PartSize ?? Upload.PartSize, Range, PartNumber));
    }
}
