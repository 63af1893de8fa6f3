using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Inputs;
using S3Multipart.Names;
using S3Multipart.Store;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

/// <summary>Parts that S3 copies from another object; their bytes do not pass through this machine.</summary>
public sealed partial class AddS3UploadPartCommand
{
    /// <summary>
    /// <para type="description">The bucket of the object to copy from, or the ARN of an access point.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = CopySet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string? SourceBucketName { get; set; }

    /// <summary>
    /// <para type="description">The key of the object to copy from. Its metadata and tags are not copied; give them to
    /// New-S3MultipartUpload.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = CopySet)]
    [ValidateNotNullOrEmpty]
    public string? SourceKey { get; set; }

    /// <summary>
    /// <para type="description">The version of the object to copy from. Default: the current one.</para>
    /// </summary>
    [Parameter(ParameterSetName = CopySet)]
    [ValidateNotNullOrEmpty]
    public string? SourceVersionId { get; set; }

    /// <summary>
    /// <para type="description">The bytes to copy, as FIRST-LAST, counted from 0 and both included. Default: all.</para>
    /// </summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("CopySourceRange")]
    [ValidateNotNullOrEmpty]
    public string? Range { get; set; }

    /// <summary>
    /// <para type="description">Copies only if the source has this ETag. Default: the one it has when the copy begins, so that a source
    /// that changes meanwhile is an error and no mixture.</para>
    /// </summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("ETagToMatch")]
    [ValidateNotNullOrEmpty]
    public string? CopySourceIfMatch { get; set; }

    /// <summary>
    /// <para type="description">Copies only if the source has another ETag.</para>
    /// </summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("ETagToNotMatch")]
    [ValidateNotNullOrEmpty]
    public string? CopySourceIfNoneMatch { get; set; }

    /// <summary>
    /// <para type="description">Copies only if the source was changed after this time.</para>
    /// </summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("ModifiedSinceDate")]
    public DateTime? CopySourceIfModifiedSince { get; set; }

    /// <summary>
    /// <para type="description">Copies only if the source was not changed after this time.</para>
    /// </summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("UnmodifiedSinceDate")]
    public DateTime? CopySourceIfUnmodifiedSince { get; set; }

    /// <summary>
    /// <para type="description">The customer key (SSE-C) of the source.</para>
    /// </summary>
    [Parameter(ParameterSetName = CopySet)]
    [Alias("CopySourceServerSideEncryptionCustomerProvidedKey")]
    [SseCustomerKeyTransformation]
    public SseCustomerKey? CopySourceSseCustomerKey { get; set; }

    /// <summary>
    /// <para type="description">The account id that must own the source's bucket.</para>
    /// </summary>
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

        if (!ShouldChange(Upload.ToString(), $"Copy parts of {S3Uri.Of(source.BucketName, source.Key)}"))
        {
            WarnOfLeft(Upload);
            return;
        }

        if (source.CustomerKey is not null)
        {
            CheckTransport(Reach(Upload).Connection!, Force);
        }

        PartTransfer transfer = TransferOf(Upload, length: null);
        Upload.Progress.Source = PartSource.Copy(source.BucketName, source.Key, source.VersionId);
        CopyTransfer copy = new(Scheduler, transfer, source)
        {
            PartSize = PartSize ?? Upload.PartSize,
            Range = Range,
            PartNumbers = PartNumber,
        };
        copy.Open();
    }
}
