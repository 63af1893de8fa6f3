using System.Text.Json;
using LocalS3.Auth;
using LocalS3.Http;
using LocalS3.Operations;
using LocalS3.Storage;

namespace LocalS3.Control;

/// <summary>What can be changed while the server runs.</summary>
internal sealed class RuntimeSettings(int delayMs)
{
    private int _delayMs = delayMs;

    public int DelayMs
    {
        get => Volatile.Read(ref _delayMs);
        set => Volatile.Write(ref _delayMs, value);
    }
}

/// <summary>The reserved path <c>/_/</c>, by which tests look into the server and steer it.</summary>
internal sealed class ControlPlane(RequestLog log, RuntimeSettings settings, FaultTable faults, S3Service service)
{
    public async Task AnswerAsync(HttpContext http, string path, string query)
    {
        try
        {
            await AnswerAsync(http, path, new QueryParameters(query));
        }
        catch (Exception error) when (error is FormatException or JsonException or ArgumentException or S3Exception)
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsync(error.Message);
        }
    }

    private async Task AnswerAsync(HttpContext http, string path, QueryParameters query)
    {
        http.Response.StatusCode = 204;
        switch (http.Request.Method, path)
        {
            case ("GET", "requests"):
                await WriteAsync(http, await log.AfterAsync(query["after"] is { } after ? long.Parse(after, null) : 0));
                break;
            case ("DELETE", "requests"):
                log.Clear();
                break;
            case ("GET", "in-flight"):
                await WriteAsync(http, log.InFlight);
                break;
            case ("POST", "delay"):
                settings.DelayMs = (int)Number(query, "ms");
                break;
            case ("GET", "faults"):
                await WriteAsync(http, faults.Snapshot());
                break;
            case ("POST", "faults"):
                faults.Add(await ReadFaultsAsync(http));
                break;
            case ("DELETE", "faults"):
                faults.Clear();
                break;
            case ("POST", "credentials"):
                service.Credentials.Add(new Credential(Required(query, "access-key"), Required(query, "secret-key"), query["token"],
                    query.Has("seconds") ? DateTime.UtcNow.AddSeconds(Number(query, "seconds")) : null, Session: null));
                break;
            case ("DELETE", "credentials"):
                http.Response.StatusCode = service.Credentials.Remove(Required(query, "access-key")) ? 204 : 404;
                break;
            case ("POST", "objects"):
                PutZeros(Required(query, "bucket"), Required(query, "key"), Number(query, "size"));
                break;
            default:
                http.Response.StatusCode = 404;
                break;
        }
    }

    /// <summary>An object of any size whose bytes are zeros that nobody stored: the source of a very large copy.</summary>
    private void PutZeros(string bucketName, string key, long size)
    {
        Bucket bucket = service.Store.Find(bucketName) ?? throw S3Errors.NoSuchBucket(bucketName);
        DateTime now = DateTime.UtcNow;
        lock (bucket.Gate)
        {
            bucket.Put(new ObjectVersion
            {
                Id = Guid.NewGuid().ToString("N"),
                Key = key,
                VersionId = ObjectOperations.NewVersionId(bucket),
                LastModified = now,
                Started = now,
                Size = size,
                ETag = BodyStore.RandomETag() + "-1",
                Inputs = new ObjectInputs { Headers = { ["Content-Type"] = "binary/octet-stream" } },
                Segments = [new DataSegment(null, size)],
            });
        }
    }

    private static async Task<List<FaultRule>> ReadFaultsAsync(HttpContext http)
    {
        List<FaultRule> rules = await JsonSerializer.DeserializeAsync<List<FaultRule>>(http.Request.Body, RequestLog.Json) ?? [];
        return rules.TrueForAll(r => r.IsValid) ? rules
            : throw new ArgumentException($"A rule is not valid; the actions are {string.Join(", ", FaultRule.Actions)}.");
    }

    private static string Required(QueryParameters query, string name) =>
        query[name] is { Length: > 0 } value ? value : throw new ArgumentException($"The parameter {name} is missing.");

    private static long Number(QueryParameters query, string name) => long.Parse(Required(query, name), null);

    private static async Task WriteAsync<T>(HttpContext http, T value)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, RequestLog.Json);
        http.Response.StatusCode = 200;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json);
    }
}
