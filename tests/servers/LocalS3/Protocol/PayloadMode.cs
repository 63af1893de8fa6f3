namespace LocalS3.Protocol;

/// <summary>The values of x-amz-content-sha256.</summary>
internal static class PayloadMode
{
    public const string Unsigned = "UNSIGNED-PAYLOAD";
    public const string StreamingUnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    private static readonly string[] s_streaming =
    [
        StreamingUnsignedTrailer,
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
    ];

    public static bool IsStreaming(string mode) => s_streaming.Contains(mode);

    public static bool IsHash(string mode) => mode.Length == 64 && mode.All(c => char.IsAsciiHexDigitLower(c));
}
