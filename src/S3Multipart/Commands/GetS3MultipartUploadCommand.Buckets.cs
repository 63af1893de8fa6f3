using System.Management.Automation;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;
using S3Multipart.Isolation;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>The buckets that match a wildcard, each over a connection to its own Region.</summary>
public sealed partial class GetS3MultipartUploadCommand
{
    private const int OverlappedBuckets = 8;

    private readonly Queue<BucketListing> _ahead = new();
    private readonly Dictionary<string, S3Connection> _regions = new(StringComparer.Ordinal);
    private bool _hasFailed;

    /// <summary>True for what can be no bucket's name.</summary>
    private static bool IsPattern(string bucketName) => bucketName.AsSpan().ContainsAny('*', '?', '[');

    /// <summary>Lists the uploads of all buckets that match. False where not all that was asked for could be listed.</summary>
    private bool ListMatching(string pattern)
    {
        WildcardPattern wanted = PatternOf(pattern);
        IUploadClient client = ClientOf(OwnConnection);
        int all = 0;
        int matching = 0;
        bool isEnough = false;
        _hasFailed = false;
        Pipeline.ForEach(client.ListBucketsAsync(StopToken), page =>
        {
            all += page.Count;
            foreach (ListedBucket bucket in page.Where(bucket => wanted.IsMatch(bucket.Name)))
            {
                matching++;
                Begin(bucket);
                if (_ahead.Count >= OverlappedBuckets && !Take(_ahead.Dequeue()))
                {
                    isEnough = true;
                    break;
                }
            }

            return !isEnough;
        });

        while (_ahead.TryDequeue(out BucketListing? next))
        {
            if (isEnough)
            {
                // Nobody takes what was requested ahead, but no request outlives the cmdlet.
                _ = Pipeline.Wait(next.First.ContinueWith(first => first.Exception is null, TaskScheduler.Default));
            }
            else
            {
                isEnough = !Take(next);
            }
        }

        WriteListed(all: true);
        if (matching == 0)
        {
            WriteWarning(Failure.Invariant($"None of the account's {all:N0} buckets matches '{pattern}', so no uploads were looked for."));
        }

        return !_hasFailed && !isEnough;
    }

    private static WildcardPattern PatternOf(string pattern)
    {
        WildcardPattern wanted = new(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        try
        {
            _ = wanted.IsMatch("");
            return wanted;
        }
        catch (WildcardPatternException)
        {
            throw SourceFailure.BucketNameInvalid(pattern, "a wildcard has a bracket that is not closed");
        }
    }

    private void Begin(ListedBucket bucket)
    {
        try
        {
            BucketAddress address = BucketAddress.Parse(bucket.Name);
            _ahead.Enqueue(new BucketListing(ClientOf(ConnectionTo(bucket.Region)), QueryFor(address), StopToken));
        }
        catch (S3MultipartException e)
        {
            Fail(bucket.Name, e);
        }
    }

    /// <summary>
    /// The connection for a bucket in a Region, with the same credentials. An endpoint that was given is one place, whatever its store
    /// calls it.
    /// </summary>
    private S3Connection ConnectionTo(string? region)
    {
        S3Connection own = OwnConnection;
        if (region is null || region == own.Region || own.EndpointUrl is not null)
        {
            return own;
        }

        if (!_regions.TryGetValue(region, out S3Connection? connection))
        {
            connection = EngineLoader.Engine.Connect(own.Inheritable with { Region = region });
            _regions.Add(region, connection);
        }

        return connection;
    }

    /// <summary>Emits the uploads of a bucket. False when there is enough.</summary>
    private bool Take(BucketListing listing)
    {
        bool goesOn = true;
        try
        {
            Pipeline.ForEach(listing.PagesAsync(), page => goesOn = Take(listing.Client, page, upload =>
            {
                upload.HasAbortRule = listing.Rules?.Include(upload.Key);
                UploadState.Of(upload).IsOfManyBuckets = true;
            }));
            if (listing.RulesFailure is { } failure)
            {
                Fail(listing.BucketName, failure);
            }
        }
        catch (S3MultipartException e)
        {
            Fail(listing.BucketName, e);
        }

        WriteListed(all: false);
        return goesOn;
    }

    private void Fail(string bucketName, S3MultipartException failure)
    {
        _hasFailed = true;
        WriteFailure(failure, S3Uri.Of(bucketName));
    }
}
