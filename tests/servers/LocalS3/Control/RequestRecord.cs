namespace LocalS3.Control;

/// <summary>What the log keeps of a request.</summary>
internal sealed record RequestRecord
{
    public DateTime Start { get; init; }
    public double DurationMs { get; init; }
    public required string Method { get; init; }
    public required string Target { get; init; }
    public required string Host { get; init; }
    public bool Tls { get; init; }
    public required string Operation { get; init; }
    public required string Bucket { get; init; }
    public required string Key { get; init; }

    /// <summary>The status of the response; 0 if the connection ended without one.</summary>
    public int Status { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }
    public string? Fault { get; init; }
    public long BytesReceived { get; init; }
    public required Dictionary<string, string> Headers { get; init; }
}
