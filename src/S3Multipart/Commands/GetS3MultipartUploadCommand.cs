using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Names;
using S3Multipart.Store;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

/// <summary>
/// <para type="synopsis">Lists the multipart uploads in progress of a bucket.</para>
/// <para type="description">Sends ListMultipartUploads, page after page, and emits the uploads as they come in. With IncludePart also
/// ListParts for each, which tells what S3 holds and bills.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "S3MultipartUpload")]
[OutputType(typeof(MultipartUpload), typeof(CommonPrefix))]
public sealed class GetS3MultipartUploadCommand : S3Cmdlet
{
    private const int OverlappedListings = 8;

    private readonly Queue<Task<MultipartUpload?>> _listings = new();

    /// <summary>
    /// <para type="description">The bucket.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string BucketName { get; set; } = "";

    /// <summary>
    /// <para type="description">Only uploads whose key begins with this text. Some stores list only exact keys.</para>
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("KeyPrefix")]
    [ArgumentCompleter(typeof(PrefixCompleter))]
    public string? Prefix { get; set; }

    /// <summary>
    /// <para type="description">Only uploads with this key. There being none is an error.</para>
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public string? Key { get; set; }

    /// <summary>
    /// <para type="description">Only the upload with this id. There being none is an error.</para>
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UploadIdCompleter))]
    public string? UploadId { get; set; }

    /// <summary>
    /// <para type="description">Gathers the keys that have the text up to this delimiter in common, after the prefix, and emits each as one
    /// CommonPrefix. In directory buckets only /.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Delimiter { get; set; }

    /// <summary>
    /// <para type="description">Begins after this key.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyMarker { get; set; }

    /// <summary>
    /// <para type="description">With KeyMarker: begins after the upload with this id of that key. Not for directory
    /// buckets.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UploadIdMarker { get; set; }

    /// <summary>
    /// <para type="description">The most uploads to emit. Default: all, however many pages that takes.</para>
    /// </summary>
    [Parameter]
    [Alias("MaxUploads", "MaxItems")]
    [ValidateRange(1, int.MaxValue)]
    public int MaxUpload { get; set; } = int.MaxValue;

    /// <summary>
    /// <para type="description">Only uploads that began at least this long ago: a TimeSpan, or text such as 7d, 12h, 90m.</para>
    /// </summary>
    [Parameter]
    [AgeTransformation]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>
    /// <para type="description">Lists the parts of each upload too, for Parts, PartCount, StoredBytes, AbortDate: a request or more for
    /// each upload.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter IncludePart { get; set; }

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

    /// <summary>Lists of parts are left over only where the pipeline was stopped, or a command further down had enough.</summary>
    private protected override bool IsBusy => _listings.Any(listing => !listing.IsCompleted);

    private int List(string bucketName)
    {
        // A directory bucket takes no prefix that is not a folder, so the key's folder is listed there.
        BucketAddress bucket = BucketAddress.Parse(bucketName);
        string? folder = bucket.Type == BucketType.Directory ? Key?[..(Key.LastIndexOf('/') + 1)] : Key;
        UploadQuery query = new()
        {
            BucketName = bucketName,
            Prefix = folder ?? Prefix,
            Delimiter = Delimiter,
            KeyMarker = KeyMarker,
            UploadIdMarker = UploadIdMarker,
        };
        S3Connection connection = ConnectionFor(bucket);
        DirectoryBucketRules.Check(query);
        IObjectStore store = StoreOf(connection);
        DateTime? latest = OlderThan is TimeSpan age ? DateTime.UtcNow - age : null;
        int found = 0;
        int written = 0;
        Pipeline.ForEach(UploadList.AllAsync(connection, store, query, StopToken), item =>
        {
            if (item is not MultipartUpload upload)
            {
                WriteObject(item);
            }
            else if ((Key is null || upload.Key == Key) && (UploadId is null || upload.UploadId == UploadId))
            {
                found++;
                if (latest is null || upload.Initiated <= latest)
                {
                    GiveKey(upload, SseCustomerKey, Force);
                    Write(store, upload);
                    written++;
                }
            }

            return written < MaxUpload;
        });

        while (_listings.TryDequeue(out Task<MultipartUpload?>? next))
        {
            WriteListed(next);
        }

        return found;
    }

    /// <summary>
    /// Writes an upload; where its parts are wanted, as soon as those of the uploads before it are there, of which some are asked for at a
    /// time.
    /// </summary>
    private void Write(IObjectStore store, MultipartUpload upload)
    {
        if (!IncludePart)
        {
            WriteObject(upload);
            return;
        }

        _listings.Enqueue(ListAsync(store, upload));
        if (_listings.Count >= OverlappedListings)
        {
            WriteListed(_listings.Dequeue());
        }
    }

    private async Task<MultipartUpload?> ListAsync(IObjectStore store, MultipartUpload upload)
    {
        try
        {
            return await UploadList.WithPartsAsync(store, upload, StopToken);
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
            // The upload is there and billed, whatever keeps its parts from being told.
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
