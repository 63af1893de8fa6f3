using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Formatting;

namespace S3Multipart.Commands;

/// <summary>Lists the parts that S3 holds of a multipart upload.</summary>
[Cmdlet(VerbsCommon.Get, "S3UploadPart", DefaultParameterSetName = UploadSet)]
[OutputType(typeof(UploadPart))]
public sealed class GetS3UploadPartCommand : S3Cmdlet
{
    private const string UploadSet = "Upload";
    private const string UploadIdSet = "UploadId";

    /// <summary>The upload.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = UploadSet)]
    [UploadTransformation]
    public MultipartUpload? Upload { get; set; }

    /// <summary>
    /// The bucket of the upload. An upload or a part names its own, beside which that of $PSDefaultParameterValues counts for nothing.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UploadIdSet)]
    [Parameter(ParameterSetName = UploadSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string? BucketName { get; set; }

    /// <summary>The key of the upload.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public string? Key { get; set; }

    /// <summary>The id of the upload.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UploadIdCompleter))]
    public string? UploadId { get; set; }

    /// <summary>The customer key (SSE-C) of the upload, which S3 requires for a list of parts that have checksums.</summary>
    [Parameter]
    [Alias("ServerSideEncryptionCustomerProvidedKey")]
    [SseCustomerKeyTransformation]
    public SseCustomerKey? SseCustomerKey { get; set; }

    /// <summary>Sends a customer key over plain http to another machine too, with a warning.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        MultipartUpload upload = Upload ?? new MultipartUpload { BucketName = BucketName!, Key = Key!, UploadId = UploadId! };
        try
        {
            CheckBucketGiven(upload.BucketName, upload.ToString());
            upload = Reach(upload);
            GiveKey(upload, SseCustomerKey, Force);
            Pipeline.ForEach(ClientOf(upload).ListPartsAsync(upload, StopToken), parts =>
            {
                WriteObject(parts.Select(ViewName.WithoutChecksum), enumerateCollection: true);
                return true;
            });
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, upload.ToString());
        }
    }
}
