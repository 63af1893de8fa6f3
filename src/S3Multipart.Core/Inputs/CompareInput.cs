namespace S3Multipart.Core.Inputs;

/// <summary>A file and the object that it is compared with.</summary>
internal sealed record CompareInput(string Path, string BucketName, string Key)
{
    /// <summary>The version of the object; null for the current one.</summary>
    internal string? VersionId { get; init; }

    internal SseCustomerKey? CustomerKey { get; init; }

    /// <summary>The size of the object's parts, where it is known, so that S3 need not be asked for it.</summary>
    internal long? PartSize { get; init; }
}
