namespace S3Multipart.Transfer;

/// <summary>Where the bytes of an upload come from: a file, another object, or what can be read only once.</summary>
internal sealed class PartSource
{
    private PartSource()
    {
    }

    internal static PartSource Stream { get; } = new();

    internal static PartSource Bytes { get; } = new();

    /// <summary>The full path of the file.</summary>
    internal string? Path { get; private init; }

    internal (string BucketName, string Key, string? VersionId)? Object { get; private init; }

    internal static PartSource File(string path) => new() { Path = path };

    internal static PartSource Copy(string bucketName, string key, string? versionId) => new() { Object = (bucketName, key, versionId) };
}
