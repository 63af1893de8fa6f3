using S3Multipart.Checksums;
using S3Multipart.Sources;

namespace S3Multipart.Aws;

/// <summary>
/// How the bytes of one UploadPart go over the wire. The SDK builds, signs, routes and retries the request around them without ever
/// reading them: it is given the digest that it would compute, and the content is exchanged behind it.
/// </summary>
internal sealed class PartSending
{
    internal const string Unsigned = "UNSIGNED-PAYLOAD";

    private static readonly AsyncLocal<PartSending?> s_current = new();

    /// <summary>The part that the request under way on this flow of control carries.</summary>
    internal static PartSending? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    internal required PartBody Body { get; init; }

    /// <summary>The value of x-amz-content-sha256: the digest of the body, or the word that there is none; null to leave it to the SDK.</summary>
    internal string? PayloadHash { get; init; }

    /// <summary>The algorithm of the checksum that follows the bytes; null where it went ahead in a header, or is not sent.</summary>
    internal string? TrailingAlgorithm { get; init; }

    /// <summary>The checksum of the bytes as they left last.</summary>
    internal string? TrailingChecksum { get; set; }

    internal Action<long>? Sent { get; init; }

    internal string TrailerName => "x-amz-checksum-" + TrailingAlgorithm!.ToLowerInvariant();

    /// <summary>How many bytes the body has on the wire, with its frame.</summary>
    internal long WireLength => TrailingAlgorithm is null ? Body.Length : PartContent.FramedLength(this);

    /// <summary>A part that is read once, as it leaves, with its checksum behind it.</summary>
    internal static PartSending WithTrailer(PartBody body, string algorithm, Action<long>? sent) => new()
    {
        Body = body,
        TrailingAlgorithm = algorithm,
        Sent = sent,
    };

    internal PartChecksum? BeginChecksum() => PartChecksum.Begin(TrailingAlgorithm);
}
