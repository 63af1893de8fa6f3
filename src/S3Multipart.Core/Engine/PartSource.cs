using S3Multipart.Core.Inputs;

namespace S3Multipart.Core.Engine;

/// <summary>Where the bytes of parts come from.</summary>
internal abstract record PartSource
{
    internal sealed record File(string Path) : PartSource;

    internal sealed record Copy(CopySource Object) : PartSource;

    /// <summary>A stream, which can be read once only.</summary>
    internal sealed record Stream : PartSource;

    /// <summary>Bytes from the pipeline, which come once only.</summary>
    internal sealed record Bytes : PartSource;
}
