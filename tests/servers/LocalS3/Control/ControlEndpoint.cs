using System.Text.Json;
using LocalS3.Faults;
using LocalS3.Protocol;
using LocalS3.Signing;

namespace LocalS3.Control;

/// <summary>The reserved path <c>/_/</c>, by which tests read the log and set faults, delays and credentials.</summary>
internal sealed class ControlEndpoint(RequestLog log, RuntimeSettings settings, FaultTable faults, Credentials credentials)
{
    public async Task HandleAsync(HttpContext http, string path, string query)
    {
        try
        {
            await HandleAsync(http, path, new QueryParameters(query));
        }
        catch (Exception error) when (error is FormatException or JsonException or ArgumentException or S3Exception)
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsync(error.Message);
        }
    }

    private async Task HandleAsync(HttpContext http, string path, QueryParameters query)
    {
        http.Response.StatusCode = 204;
        switch (http.Request.Method, path)
        {
            case ("GET", "requests"):
                await WriteAsync(http, await log.SnapshotAsync());
                break;
            case ("DELETE", "requests"):
                await log.ClearAsync();
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
                credentials.Add(new Credential(Required(query, "access-key"), Required(query, "secret-key"), query["token"],
                    query.Has("seconds") ? DateTime.UtcNow.AddSeconds(Number(query, "seconds")) : null, Session: null));
                break;
            case ("DELETE", "credentials"):
                http.Response.StatusCode = credentials.Remove(Required(query, "access-key")) ? 204 : 404;
                break;
            default:
                http.Response.StatusCode = 404;
                break;
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
