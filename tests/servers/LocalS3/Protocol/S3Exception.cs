namespace LocalS3.Protocol;

/// <summary>An error response: its code, status and message, and the elements and headers that S3 adds to it.</summary>
internal sealed class S3Exception(string code, int status, string message, params (string Name, string Value)[] details)
    : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    public IReadOnlyList<(string Name, string Value)> Details { get; } = details;

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
