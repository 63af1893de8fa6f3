using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using S3Multipart.Commands;
using S3Multipart.Formatting;
using S3Multipart.Isolation;
using S3Multipart.Store;

namespace S3Multipart.Names;

/// <summary>
/// Looks names up for a completer. A cmdlet so that a connection comes about just as for the command that is being typed, but not a
/// public one. It waits no longer than a moment: without a network, or with a slow one, there are no names. What it found it remembers
/// for half a minute, and that it found nothing for a few seconds.
/// </summary>
[Cmdlet(VerbsCommon.Find, "S3Name")]
internal sealed class FindNameCommand : S3Cmdlet
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_lifetimeOfNothing = TimeSpan.FromSeconds(5);
    private static readonly string[] s_environment =
        ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"];
    private static readonly ConcurrentDictionary<string, (long Time, Name[] Names)> s_found = new();

    [Parameter(Mandatory = true)]
    public NameKind Kind { get; set; }

    [Parameter]
    public string? BucketName { get; set; }

    [Parameter]
    public string? Key { get; set; }

    /// <summary>What the names begin with.</summary>
    [Parameter]
    [AllowEmptyString]
    public string Word { get; set; } = "";

    protected override void ProcessRecord()
    {
        switch (Kind)
        {
            case NameKind.Region:
                WriteObject(ObjectStoreFactory.Names.ListRegions().Select(name => new Name(name)), enumerateCollection: true);
                return;
            case NameKind.Profile:
                string? location = ProfileLocation is null ? null : GetUnresolvedProviderPathFromPSPath(ProfileLocation);
                WriteObject(ObjectStoreFactory.Names.ListProfiles(location).Select(name => new Name(name)), enumerateCollection: true);
                return;
        }

        ConnectionSettings settings = ReadSettings();
        string id = Identify(settings);
        if (!s_found.TryGetValue(id, out (long Time, Name[] Names) known)
            || Stopwatch.GetElapsedTime(known.Time) > (known.Names.Length > 0 ? s_lifetime : s_lifetimeOfNothing))
        {
            s_found[id] = known = (Stopwatch.GetTimestamp(), Ask(settings));
        }

        WriteObject(known.Names, enumerateCollection: true);
    }

    private Name[] Ask(ConnectionSettings settings)
    {
        Func<CancellationToken, Task<IEnumerable<Name>>> find;
        if (Kind == NameKind.Bucket)
        {
            find = async token => (await ObjectStoreFactory.Names.ListBucketsAsync(settings, token)).Select(name => new Name(name));
        }
        else
        {
            BucketAddress bucket = BucketAddress.Parse(BucketName!);
            IObjectStore store = ConnectionFor(bucket).Store;
            find = token => FindUploadsAsync(store, bucket, token);
        }

        // In a task, because looking for credentials may block for long and cannot be cancelled; it is then left to its end.
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(StopToken);
        CancellationToken ended = patience.Token;
        Task<Name[]> found = Task.Run(async () => (await find(ended)).ToArray(), CancellationToken.None);
        _ = found.ContinueWith(late => _ = late.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _ = Task.WhenAny(found, Task.Delay(s_patience, ended)).GetAwaiter().GetResult();
        patience.Cancel();
        return found.IsCompletedSuccessfully ? found.Result : [];
    }

    /// <summary>What is asked, and where and by whom, as far as that can be told without any secret.</summary>
    private string Identify(ConnectionSettings settings) => string.Join('\n',
        Kind, BucketName, Key, Word, settings.Region, settings.SessionRegion, settings.EndpointUrl, settings.ProfileName,
            settings.ProfileLocation,
        settings.Keys?.AccessKey, settings.KeySource is not null,
            string.Join('\n', s_environment.Select(Environment.GetEnvironmentVariable)));

    private async Task<IEnumerable<Name>> FindUploadsAsync(IObjectStore store, BucketAddress bucket, CancellationToken token)
    {
        string prefix = Kind == NameKind.UploadId ? Key ?? "" : Word;
        UploadPage page = await store.ListMultipartUploadsAsync(
            new UploadQuery
            {
                BucketName = bucket.Name,
                // Directory buckets take no prefix that is not a folder.
                Prefix = bucket.Type == BucketType.Directory ? prefix[..(prefix.LastIndexOf('/') + 1)] : prefix,
                Delimiter = Kind == NameKind.Prefix ? "/" : null,
            },
            token);
        return Kind switch
        {
            NameKind.Prefix => page.CommonPrefixes.Select(common => new Name(common)),
            NameKind.Key => page.Uploads.Select(upload => upload.Key).Distinct().Select(key => new Name(key)),
            _ => page.Uploads.Where(upload => Key is null || upload.Key == Key)
                .OrderByDescending(upload => upload.Initiated).Select(upload =>
                new Name(upload.UploadId, $"{DisplayText.Tail(upload.UploadId)} ({DisplayText.Age(upload.Initiated)})",
                    $"{upload.Key}, begun {DisplayText.Age(upload.Initiated)} ago")),
        };
    }
}
