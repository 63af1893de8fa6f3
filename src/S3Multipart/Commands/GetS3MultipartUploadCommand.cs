using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Formatting;

namespace S3Multipart.Commands;

/// <summary>Lists the multipart uploads in progress of a bucket, or of all buckets whose names match a wildcard.</summary>
[Cmdlet(VerbsCommon.Get, "S3MultipartUpload")]
[OutputType(typeof(MultipartUpload), typeof(CommonPrefix))]
public sealed partial class GetS3MultipartUploadCommand : S3Cmdlet
{
    private const int OverlappedListings = 8;
    private const int LargestPage = 1000;
    private const decimal BytesOfGB = 1 << 30;

    private readonly Queue<Task<MultipartUpload?>> _listings = new();
    private DateTime? _latest;
    private int _found;
    private int _written;
    private bool _hasWarned;

    /// <summary>The bucket, or a wildcard for several.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
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

    /// <summary>What a GB costs in a month, for MonthlyCost; lists the parts of each upload too.</summary>
    [Parameter]
    [ValidateRange(0.000001, 1000000.0)]
    public decimal? PricePerGBMonth { get; set; }

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
        (_found, _written) = (0, 0);
        _latest = OlderThan is TimeSpan age ? DateTime.UtcNow - age : null;
        try
        {
            bool isAll = IsPattern(BucketName) ? ListMatching(BucketName) : List(BucketAddress.Parse(BucketName));
            if (isAll && _found == 0 && (Key ?? UploadId) is not null)
            {
                string what = string.Join(" and ",
                    new[] { Key is null ? null : $"the key '{Key}'", UploadId is null ? null : $"the id '{UploadId}'" }.OfType<string>());
                throw Failure.UploadNotFound(BucketName, what);
            }
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, S3Uri.Of(BucketName, Key));
        }
    }

    /// <summary>True where not all that a page has is emitted as uploads, so that a small page would only mean more of them.</summary>
    private bool IsFiltered => (Key ?? UploadId ?? Delimiter) is not null || OlderThan is not null;

    /// <summary>Lists are left over only where the pipeline was stopped, or a command further down had enough.</summary>
    private protected override bool IsBusy =>
        _listings.Any(listing => !listing.IsCompleted) || _ahead.Any(listing => !listing.First.IsCompleted);

    private bool List(BucketAddress bucket)
    {
        S3Connection connection = ConnectionFor(bucket);
        UploadQuery query = QueryFor(bucket);
        DirectoryBucketRules.Check(query);
        IUploadClient client = ClientOf(connection);
        Pipeline.ForEach(client.ListUploadsAsync(query, StopToken), page => Take(client, page, _ => { }));
        WriteListed(all: true);
        return true;
    }

    private UploadQuery QueryFor(BucketAddress bucket) => new()
    {
        BucketName = bucket.Name,
        Prefix = Key is null ? Prefix : UploadQuery.PrefixOf(bucket, Key),
        Delimiter = Delimiter,
        KeyMarker = KeyMarker,
        UploadIdMarker = UploadIdMarker,
        PageSize = MaxUpload < LargestPage && !IsFiltered ? MaxUpload : null,
    };

    /// <summary>Emits what was asked for of a page. False when there is enough.</summary>
    private bool Take(IUploadClient client, UploadListPage page, Action<MultipartUpload> describe)
    {
        if (page.IsPartial && Key is null && !_hasWarned)
        {
            _hasWarned = true;
            WriteWarning($"{OwnConnection.EndpointUrl} is MinIO, which lists the uploads of an exact key alone, and without one no more "
                + "than it remembers: there may be others than those listed here. Give -Key for those of a key.");
        }

        foreach (MultipartUpload upload in page.Uploads)
        {
            if (_written == MaxUpload)
            {
                return false;
            }

            if ((Key is not null && upload.Key != Key) || (UploadId is not null && upload.UploadId != UploadId))
            {
                continue;
            }

            _found++;
            if (_latest is null || upload.Initiated <= _latest)
            {
                describe(upload);
                GiveKey(upload, SseCustomerKey, Force);
                Write(client, upload);
                _written++;
            }
        }

        WriteObject(page.CommonPrefixes, enumerateCollection: true);
        return _written < MaxUpload;
    }

    /// <summary>
    /// Writes an upload; where its parts are wanted, as soon as those of the uploads before it are there. Several lists are requested at
    /// a time.
    /// </summary>
    private void Write(IUploadClient client, MultipartUpload upload)
    {
        if (!IncludePart && PricePerGBMonth is null)
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
            MultipartUpload listed = await client.AddPartsAsync(upload, StopToken);
            listed.MonthlyCost = PricePerGBMonth * listed.StoredBytes / BytesOfGB;
            return listed;
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

    /// <summary>Writes the uploads whose parts are listed: all, or those that need no waiting.</summary>
    private void WriteListed(bool all)
    {
        while (_listings.TryPeek(out Task<MultipartUpload?>? next) && (all || next.IsCompleted))
        {
            WriteListed(_listings.Dequeue());
        }
    }

    private void WriteListed(Task<MultipartUpload?> listing)
    {
        if (Pipeline.Wait(listing) is { } upload)
        {
            WriteObject(ViewName.WithCost(upload));
        }
    }
}
