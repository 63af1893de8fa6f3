namespace S3Multipart.Core.Engine;

/// <summary>
/// What proves that S3 holds just the bytes that were sent: something that the store said of what it holds and that was found equal to
/// what was computed here. A value that was only computed here, or only reported, is no evidence.
/// </summary>
internal sealed record Evidence
{
    /// <summary>An ETag that is made of MD5s, equal to the one computed.</summary>
    internal static readonly Evidence ETag = new(nameof(ETag), isProof: true);

    /// <summary>The ETags are opaque, and that of the object names as many parts as were sent.</summary>
    internal static readonly Evidence PartCount = new(nameof(PartCount), isProof: false);

    /// <summary>The size is right, and the store gives nothing else.</summary>
    internal static readonly Evidence Size = new(nameof(Size), isProof: false);

    private readonly string _name;

    private Evidence(string name, bool isProof)
    {
        _name = name;
        IsProof = isProof;
    }

    /// <summary>True where other bytes would have been noticed.</summary>
    internal bool IsProof { get; }

    internal static Evidence OfChecksum(string algorithm, bool isComposite = false) =>
        new(isComposite ? algorithm + " composite" : algorithm, isProof: true);

    /// <summary>The form that objects show: CRC64NVME, SHA256 composite, ETag, PartCount, Size.</summary>
    public override string ToString() => _name;
}
