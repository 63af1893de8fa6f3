using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using LocalS3.Http;

namespace LocalS3.Control;

/// <summary>What is remembered of a request.</summary>
internal sealed record RequestRecord
{
    public long Sequence { get; init; }
    public DateTime Start { get; init; }
    public double DurationMs { get; init; }
    public required string Method { get; init; }
    public required string Target { get; init; }
    public required string Host { get; init; }
    public bool Tls { get; init; }
    public required string Operation { get; init; }
    public required string Bucket { get; init; }
    public required string Key { get; init; }

    /// <summary>The status that was answered; 0 when the connection ended without an answer.</summary>
    public int Status { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }
    public string? Fault { get; init; }
    public long BytesReceived { get; init; }
    public required Dictionary<string, string> Headers { get; init; }
}

/// <summary>The requests that have been served: the latest in memory, all of them in a file if one is wanted.</summary>
internal sealed class RequestLog : IAsyncDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private const int Capacity = 100_000;

    private readonly Queue<RequestRecord> _ring = new();
    private readonly Channel<RequestRecord>? _channel;
    private readonly Task _writer;
    private long _sequence;
    private int _answering;
    private int _inFlight;

    public RequestLog(string? file)
    {
        _channel = file is null ? null : Channel.CreateUnbounded<RequestRecord>(new UnboundedChannelOptions { SingleReader = true });
        _writer = file is null ? Task.CompletedTask : WriteAsync(file, _channel!.Reader);
    }

    public int InFlight => Volatile.Read(ref _inFlight);

    public void Began() => Interlocked.Increment(ref _inFlight);

    /// <summary>From here on the client may see the answer before the record is kept.</summary>
    public void Answering() => Interlocked.Increment(ref _answering);

    public void Ended(RequestRecord record, bool answered)
    {
        lock (_ring)
        {
            record = record with { Sequence = ++_sequence };
            _ring.Enqueue(record);
            if (_ring.Count > Capacity)
                _ring.Dequeue();
            _channel?.Writer.TryWrite(record);
        }
        Interlocked.Decrement(ref _inFlight);
        if (answered)
            Interlocked.Decrement(ref _answering);
    }

    public async Task<List<RequestRecord>> AfterAsync(long sequence)
    {
        for (int i = 0; i < 100 && Volatile.Read(ref _answering) > 0; i++)
            await Task.Delay(5);
        lock (_ring)
            return [.. _ring.Where(r => r.Sequence > sequence)];
    }

    public void Clear()
    {
        lock (_ring)
            _ring.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Writer.Complete();
        await _writer;
    }

    /// <summary>The headers with everything masked that would let somebody act in the client's name.</summary>
    public static Dictionary<string, string> MaskedHeaders(S3Request request)
    {
        Dictionary<string, string> headers = [];
        foreach ((string name, var values) in request.Headers)
        {
            string lower = name.ToLowerInvariant(), value = values.ToString();
            bool key = lower.Contains("customer-key", StringComparison.Ordinal) && !lower.EndsWith("-md5", StringComparison.Ordinal);
            if (key || lower is "x-amz-security-token" or "x-amz-s3session-token")
                value = "***";
            else if (lower == "authorization" && value.IndexOf("Signature=", StringComparison.Ordinal) is >= 0 and var at)
                value = value[..(at + "Signature=".Length)] + "***";
            headers[lower] = value;
        }
        return headers;
    }

    private static async Task WriteAsync(string file, ChannelReader<RequestRecord> records)
    {
        await using StreamWriter writer = new(file, append: true);
        while (await records.WaitToReadAsync())
        {
            while (records.TryRead(out RequestRecord? record))
                await writer.WriteLineAsync(JsonSerializer.Serialize(record, Json));
            await writer.FlushAsync();
        }
    }
}
