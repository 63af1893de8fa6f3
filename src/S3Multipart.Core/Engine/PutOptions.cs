namespace S3Multipart.Core.Engine;

/// <summary>How a file is sent by one request.</summary>
internal sealed record PutOptions
{
    /// <summary>Sends the MD5 of the bytes too.</summary>
    internal bool SendContentMD5 { get; init; }

    /// <summary>True to fail where the store proves nothing of the object but its size.</summary>
    internal bool NeedsProof { get; init; }

    /// <summary>Called from any thread with how many bytes have left since the last call; negative when a try is begun again.</summary>
    internal Action<long>? Sent { get; init; }
}
