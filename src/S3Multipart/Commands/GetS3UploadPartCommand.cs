using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Names;
using S3Multipart.Store;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

/// <summary>
/// <para type="synopsis">Lists the parts that S3 holds of a multipart upload.</para>
/// <para type="description">Sends ListParts, page after page, and emits the parts in the order of their numbers. Parts still in flight
/// are not among them.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "S3UploadPart", DefaultParameterSetName = UploadSet)]
[OutputType(typeof(UploadPart))]
public sealed class GetS3UploadPartCommand : S3Cmdlet
{
    private const string UploadSet = "Upload";
    private const string UploadIdSet = "UploadId";

    /// <summary>
    /// <para type="description">The upload.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = UploadSet)]
    [UploadTransformation]
    public MultipartUpload? Upload { get; set; }

    /// <summary>
    /// <para type="description">The bucket of the upload.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string? BucketName { get; set; }

    /// <summary>
    /// <para type="description">The key of the upload.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public string? Key { get; set; }

    /// <summary>
    /// <para type="description">The id of the upload.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UploadIdCompleter))]
    public string? UploadId { get; set; }

    /// <summary>
    /// <para type="description">The customer key (SSE-C) of the upload, which S3 wants for a list of parts that have checksums.</para>
    /// </summary>
    [Parameter]
    [Alias("ServerSideEncryptionCustomerProvidedKey")]
    [SseCustomerKeyTransformation]
    public SseCustomerKey? SseCustomerKey { get; set; }

    /// <summary>
    /// <para type="description">Sends a customer key over plain http to another machine too, with a warning.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        MultipartUpload upload = Upload ?? new MultipartUpload { BucketName = BucketName!, Key = Key!, UploadId = UploadId! };
        try
        {
            upload = Reach(upload);
            GiveKey(upload, SseCustomerKey, Force);
            IObjectStore store = StoreOf(upload.Connection!);
            Pipeline.ForEach(PartList.PagesAsync(store, upload.Target, StopToken), page =>
            {
                foreach (StoredPart part in page.Parts)
                {
                    WriteObject(PartList.ToPart(upload, part, isListed: true));
                }

                return true;
            });
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, upload.ToString());
        }
    }
}
