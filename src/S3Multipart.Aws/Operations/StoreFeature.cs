namespace S3Multipart.Aws.Operations;

/// <summary>What Amazon S3 takes and other stores may refuse.</summary>
internal enum StoreFeature
{
    /// <summary>Checksums: their headers on Create and with parts, and their request on HEAD.</summary>
    Checksum,

    /// <summary>The header x-amz-checksum-type on Create.</summary>
    ChecksumType,

    /// <summary>The checksum of a whole object on Complete, where it is CRC32 or CRC32C.</summary>
    WholeCrc32,

    /// <summary>The header x-amz-mp-object-size on Complete.</summary>
    ObjectSize,
}
