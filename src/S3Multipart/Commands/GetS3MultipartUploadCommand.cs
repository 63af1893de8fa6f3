using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;

namespace S3Multipart.Commands;

/// <summary>Lists the multipart uploads in progress of a bucket.</summary>
[Cmdlet(VerbsCommon.Get, "S3MultipartUpload")]
[OutputType(typeof(MultipartUpload), typeof(CommonPrefix))]
public sealed class GetS3MultipartUploadCommand : S3Cmdlet
{
    private const int OverlappedListings = 8;
    private const int LargestPage = 1000;

    private readonly Queue<Task<MultipartUpload?>> _listings = new();

    /// <summary>The bucket.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string BucketName { get; set; } = "";

    /// <summary>Only uploads whose key begins with this text.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("KeyPrefix")]
    [ArgumentCompleter(typeof(PrefixCompleter))]
    public string? Prefix { get; set; }

    /// <summary>Only uploads with this key.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public string? Key { get; set; }

    /// <summary>Only the upload with this id.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UploadIdCompleter))]
    public string? UploadId { get; set; }

    /// <summary>
    /// Gathers the keys that have the text up to this delimiter in common, after the prefix, and emits each as one CommonPrefix.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Delimiter { get; set; }

    /// <summary>Begins after this key.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyMarker { get; set; }

    /// <summary>With KeyMarker: begins after the upload with this id of that key. Not for directory buckets.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UploadIdMarker { get; set; }

    /// <summary>The most uploads to emit.</summary>
    [Parameter]
    [Alias("MaxUploads", "MaxItems")]
    [ValidateRange(1, int.MaxValue)]
    public int MaxUpload { get; set; } = int.MaxValue;

    /// <summary>Only uploads that began at least this long ago: a TimeSpan, or text such as 7d, 12h, 90m.</summary>
    [Parameter]
    [AgeTransformation]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>
    /// Lists the parts of each upload too, for Parts, PartCount, StoredBytes, AbortDate: a request or more for each upload.
    /// </summary>
    [Parameter]
    public SwitchParameter IncludePart { get; set; }

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
        try
        {
            string bucketName = BucketAddress.Parse(BucketName).Name;
            int found = List(bucketName);
            if (found == 0 && (Key ?? UploadId) is not null)
            {
                string what = string.Join(" and ",
                    new[] { Key is null ? null : $"the key '{Key}'", UploadId is null ? null : $"the id '{UploadId}'" }.OfType<string>());
                throw Failure.UploadNotFound(bucketName, what);
            }
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, S3Uri.Of(BucketName, Key));
        }
    }

    /// <summary>True where not all that a page has is emitted as uploads, so that a small page would only mean more of them.</summary>
    private bool IsFiltered => (Key ?? UploadId ?? Delimiter) is not null || OlderThan is not null;

    /// <summary>Lists of parts are left over only where the pipeline was stopped, or a command further down had enough.</summary>
    private protected override bool IsBusy => _listings.Any(listing => !listing.IsCompleted);

    private int List(string bucketName)
    {
        BucketAddress bucket = BucketAddress.Parse(bucketName);
        UploadQuery query = new()
        {
            BucketName = bucketName,
            Prefix = Key is null ? Prefix : UploadQuery.PrefixOf(bucket, Key),
            Delimiter = Delimiter,
            KeyMarker = KeyMarker,
            UploadIdMarker = UploadIdMarker,
            PageSize = MaxUpload < LargestPage && !IsFiltered ? MaxUpload : null,
        };
        S3Connection connection = ConnectionFor(bucket);
        DirectoryBucketRules.Check(query);
        IUploadClient client = ClientOf(connection);
        DateTime? latest = OlderThan is TimeSpan age ? DateTime.UtcNow - age : null;
        int found = 0;
        int written = 0;
        Pipeline.ForEach(client.ListUploadsAsync(query, StopToken), page =>
        {
            foreach (MultipartUpload upload in page.Uploads)
            {
                if (written == MaxUpload)
                {
                    return false;
                }

                if ((Key is not null && upload.Key != Key) || (UploadId is not null && upload.UploadId != UploadId))
                {
                    continue;
                }

                found++;
                if (latest is null || upload.Initiated <= latest)
                {
                    GiveKey(upload, SseCustomerKey, Force);
                    Write(client, upload);
                    written++;
                }
            }

            WriteObject(page.CommonPrefixes, enumerateCollection: true);
            return written < MaxUpload;
        });

        while (_listings.TryDequeue(out Task<MultipartUpload?>? next))
        {
            WriteListed(next);
        }

        return found;
    }

    /// <summary>
    /// Writes an upload; where its parts are wanted, as soon as those of the uploads before it are there. Several lists are requested at
    /// a time.
    /// </summary>
    private void Write(IUploadClient client, MultipartUpload upload)
    {
        if (!IncludePart)
        {
            WriteObject(upload);
            return;
        }

        _listings.Enqueue(ListAsync(client, upload));
        if (_listings.Count >= OverlappedListings)
        {
            WriteListed(_listings.Dequeue());
        }
    }

    private async Task<MultipartUpload?> ListAsync(IUploadClient client, MultipartUpload upload)
    {
        try
        {
            return await client.AddPartsAsync(upload, StopToken);
        }
        catch (NoSuchUploadException)
        {
            // It was completed or stopped between the two requests, so it is no upload in progress any more.
            return null;
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            return null;
        }
        catch (S3MultipartException e)
        {
            // The upload is there and billed, even where its parts cannot be listed.
            Pipeline.Post(() => WriteFailure(e, upload.ToString()));
            return upload;
        }
    }

    private void WriteListed(Task<MultipartUpload?> listing)
    {
        if (Pipeline.Wait(listing) is { } upload)
        {
            WriteObject(upload);
        }
    }
}
