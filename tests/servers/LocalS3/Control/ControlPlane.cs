using System.Text.Json;

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
internal sealed class ControlPlane(RequestLog log, RuntimeSettings settings)
{
    public async Task AnswerAsync(HttpContext http, string path, string query)
    {
        Http.QueryParameters parameters = new(query);
        switch (http.Request.Method, path)
        {
            case ("GET", "requests"):
                _ = long.TryParse(parameters["after"], out long after);
                await WriteAsync(http, await log.AfterAsync(after));
                break;
            case ("DELETE", "requests"):
                log.Clear();
                http.Response.StatusCode = 204;
                break;
            case ("POST", "delay") when int.TryParse(parameters["ms"], out int delay) && delay >= 0:
                settings.DelayMs = delay;
                http.Response.StatusCode = 204;
                break;
            case ("GET", "in-flight"):
                await WriteAsync(http, log.InFlight);
                break;
            default:
                http.Response.StatusCode = 404;
                break;
        }
    }

    private static async Task WriteAsync<T>(HttpContext http, T value)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, RequestLog.Json);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json);
    }
}
