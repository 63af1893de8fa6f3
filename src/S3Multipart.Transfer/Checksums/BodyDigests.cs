namespace S3Multipart.Transfer.Checksums;

/// <summary>What has to be known of a body before it is sent, or to compare it.</summary>
/// <param name="ChecksumAlgorithm">The algorithm of the checksum that goes ahead of it; null for none.</param>
/// <param name="MD5">True for its MD5, as Content-MD5 has it.</param>
/// <param name="Sha256">True for its SHA-256, which a signed payload needs.</param>
internal readonly record struct RequiredDigests(string? ChecksumAlgorithm, bool MD5 = false, bool Sha256 = false)
{
    internal bool IsEmpty => ChecksumAlgorithm is null && !MD5 && !Sha256;
}

/// <summary>The digests of a body, each null where it is not required.</summary>
/// <param name="Checksum">In base64.</param>
/// <param name="MD5">In base64.</param>
/// <param name="Sha256">In hex.</param>
internal readonly record struct BodyDigests(string? Checksum, string? MD5, string? Sha256);
