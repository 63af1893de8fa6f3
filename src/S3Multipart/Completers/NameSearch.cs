using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using S3Multipart.Connections;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Formatting;
using S3Multipart.Isolation;

namespace S3Multipart.Completers;

/// <summary>
/// Finds names for a completer. It waits no longer than a moment: without a network, or with a slow one, there are no names. What it
/// found it remembers for half a minute, and that it found nothing for a few seconds.
/// </summary>
internal sealed class NameSearch(NameKind kind, string? bucketName, string? key, string word, IConnectionArguments given)
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_lifetimeOfNothing = TimeSpan.FromSeconds(5);
    private static readonly string[] s_environment =
        ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"];
    private static readonly ConcurrentDictionary<string, (long Time, Name[] Names)> s_found = new();

    internal IReadOnlyList<Name> Find()
    {
        switch (kind)
        {
            case NameKind.Region:
                return [.. EngineLoader.Engine.ListRegions().Select(name => new Name(name))];
            case NameKind.Profile:
                string? location = given.ProfileLocation is { } path ? given.PathOf(path) : null;
                return [.. EngineLoader.Engine.ListProfiles(location).Select(name => new Name(name))];
        }

        if (given.AccessKey is null != given.SecretKey is null)
        {
            return [];
        }

        ConnectionSettings settings = ConnectionParameters.ReadAll(given);
        string id = Identify(settings);
        if (!s_found.TryGetValue(id, out (long Time, Name[] Names) known)
            || Stopwatch.GetElapsedTime(known.Time) > (known.Names.Length > 0 ? s_lifetime : s_lifetimeOfNothing))
        {
            s_found[id] = known = (Stopwatch.GetTimestamp(), Request(settings));
        }

        return known.Names;
    }

    private Name[] Request(ConnectionSettings settings)
    {
        Func<CancellationToken, Task<IEnumerable<Name>>> find;
        if (kind == NameKind.Bucket)
        {
            find = async token => (await EngineLoader.Engine.ListBucketsAsync(settings, token)).Select(name => new Name(name));
        }
        else
        {
            BucketAddress bucket = BucketAddress.Parse(bucketName!);
            S3Connection connection = EngineLoader.Engine.Connect(settings);
            DirectoryBucketRules.Check(
                bucket, settings, connection.Region, connection.IsRegionGuessed && connection.EndpointUrl is null);
            IUploadClient client = connection.ClientWith(log: null);
            find = token => FindUploadsAsync(client, bucket, token);
        }

        // In a task, because looking for credentials may block for long and cannot be cancelled; it is then left to its end.
        using CancellationTokenSource wait = new();
        CancellationToken ended = wait.Token;
        Task<Name[]> found = Task.Run(async () => (await find(ended)).ToArray(), CancellationToken.None);
        _ = found.ContinueWith(late => _ = late.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _ = Task.WhenAny(found, Task.Delay(s_longestWait, ended)).GetAwaiter().GetResult();
        wait.Cancel();
        return found.IsCompletedSuccessfully ? found.Result : [];
    }

    /// <summary>What is requested, and where and by whom, as far as that is no secret.</summary>
    private string Identify(ConnectionSettings settings) => string.Join('\n',
        kind, bucketName, key, word, settings.Region, settings.SessionRegion, settings.EndpointUrl, settings.ProfileName,
            settings.ProfileLocation,
        settings.Keys?.AccessKey, settings.KeySource is not null,
            string.Join('\n', s_environment.Select(Environment.GetEnvironmentVariable)));

    private async Task<IEnumerable<Name>> FindUploadsAsync(IUploadClient client, BucketAddress bucket, CancellationToken token)
    {
        string prefix = kind == NameKind.UploadId ? key ?? "" : word;
        UploadQuery query = new()
        {
            BucketName = bucket.Name,
            Prefix = UploadQuery.PrefixOf(bucket, prefix),
            Delimiter = kind == NameKind.Prefix ? "/" : null,
        };
        // The first page alone: there is but a moment.
        IAsyncEnumerator<UploadListPage> pages = client.ListUploadsAsync(query, token).GetAsyncEnumerator(token);
        UploadListPage page = await pages.MoveNextAsync() ? pages.Current : new UploadListPage([], []);
        return kind switch
        {
            NameKind.Prefix => page.CommonPrefixes.Select(common => new Name(common.Prefix)),
            NameKind.Key => page.Uploads.Select(upload => upload.Key).Distinct().Select(found => new Name(found)),
            _ => page.Uploads.Where(upload => key is null || upload.Key == key)
                .OrderByDescending(upload => upload.Initiated).Select(upload =>
                new Name(upload.Id, $"{DisplayText.Tail(upload.UploadId)} ({DisplayText.Age(upload.Initiated)})",
                    $"{upload.Key}, begun {DisplayText.Age(upload.Initiated)} ago")),
        };
    }
}
