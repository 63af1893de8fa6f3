namespace LocalS3.Http;

/// <summary>An S3 error: its code, its status, its text, and the elements that S3 adds to it.</summary>
internal sealed class S3Exception(string code, int status, string message, params (string Name, string Value)[] details)
    : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    public IReadOnlyList<(string Name, string Value)> Details { get; } = details;

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
