namespace S3Multipart.Core.Inputs;

/// <summary>How often a request is retried, and how long it may stall.</summary>
/// <param name="MaxRetry">How often it is sent again after a failure that may pass.</param>
/// <param name="Timeout">How long nothing may move on its connection.</param>
internal sealed record RequestLimits(int MaxRetry, TimeSpan Timeout)
{
    internal static readonly RequestLimits Default = new(8, TimeSpan.FromSeconds(60));
}
