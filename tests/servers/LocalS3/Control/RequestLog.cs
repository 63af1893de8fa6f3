using System.Text.Json;
using System.Text.Json.Serialization;
using LocalS3.Http;

namespace LocalS3.Control;

/// <summary>The latest requests that have been served.</summary>
internal sealed class RequestLog
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private const int Capacity = 100_000;

    private readonly Queue<RequestRecord> _records = new();
    private int _responding;
    private int _inFlight;

    public int InFlight => Volatile.Read(ref _inFlight);

    public void Begin() => Interlocked.Increment(ref _inFlight);

    /// <summary>From now on the client may have the response before the record is in the log: who reads or clears it waits.</summary>
    public void BeginResponse() => Interlocked.Increment(ref _responding);

    public void End(RequestRecord record, bool responded)
    {
        lock (_records)
        {
            _records.Enqueue(record);
            if (_records.Count > Capacity)
                _records.Dequeue();
        }
        Interlocked.Decrement(ref _inFlight);
        if (responded)
            Interlocked.Decrement(ref _responding);
    }

    public async Task<List<RequestRecord>> SnapshotAsync()
    {
        await SettleAsync();
        lock (_records)
            return [.. _records];
    }

    public async Task ClearAsync()
    {
        await SettleAsync();
        lock (_records)
            _records.Clear();
    }

    private async Task SettleAsync()
    {
        for (int i = 0; i < 100 && Volatile.Read(ref _responding) > 0; i++)
            await Task.Delay(5);
    }

    /// <summary>The headers, with the keys, tokens and signatures masked.</summary>
    public static Dictionary<string, string> MaskedHeaders(S3Request request)
    {
        Dictionary<string, string> headers = [];
        foreach ((string name, var values) in request.Headers)
        {
            string lower = name.ToLowerInvariant(), value = values.ToString();
            bool isKey = lower.Contains("customer-key", StringComparison.Ordinal) && !lower.EndsWith("-md5", StringComparison.Ordinal);
            if (isKey || lower is "x-amz-security-token" or "x-amz-s3session-token")
                value = "***";
            else if (lower == "authorization" && value.IndexOf("Signature=", StringComparison.Ordinal) is >= 0 and var at)
                value = value[..(at + "Signature=".Length)] + "***";
            headers[lower] = value;
        }
        return headers;
    }
}
