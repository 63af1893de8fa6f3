namespace S3Multipart.Core.Buckets;

/// <summary>The two kinds of bucket that S3 has, with rules of their own for endpoints, part numbers and lists.</summary>
internal enum BucketType
{
    /// <summary>A bucket in a Region, the classic kind.</summary>
    GeneralPurpose,

    /// <summary>A bucket in one zone (S3 Express One Zone), named <c>base--zone-id--x-s3</c>.</summary>
    Directory,
}
