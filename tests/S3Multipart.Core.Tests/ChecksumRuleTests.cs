using System.Security.Cryptography;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Checksums;

namespace S3Multipart.Tests;

public sealed class ChecksumRuleTests
{
    [Theory]
    [InlineData(false, null, null, "CRC64NVME", "FULL_OBJECT")]
    [InlineData(false, "CRC32", null, "CRC32", "FULL_OBJECT")]
    [InlineData(false, "CRC32C", "COMPOSITE", "CRC32C", "COMPOSITE")]
    [InlineData(false, "SHA256", null, "SHA256", "COMPOSITE")]
    [InlineData(false, null, "COMPOSITE", "CRC32C", "COMPOSITE")]
    [InlineData(true, null, null, "CRC32C", "COMPOSITE")]
    [InlineData(true, "SHA1", null, "SHA1", "COMPOSITE")]
    [InlineData(true, "CRC64NVME", null, "CRC64NVME", "FULL_OBJECT")]
    public void Algorithms_and_types_that_go_together_are_chosen(bool isDirectory, string? algorithm, string? type,
        string chosen, string kind) =>
        Assert.Equal((chosen, kind),
            ChecksumAlgorithms.Choose(isDirectory ? BucketType.Directory : BucketType.GeneralPurpose, algorithm, type));

    [Theory]
    [InlineData(false, "CRC64NVME", "COMPOSITE", "ChecksumCombinationInvalid")]
    [InlineData(false, "SHA1", "FULL_OBJECT", "ChecksumCombinationInvalid")]
    [InlineData(false, "SHA256", "FULL_OBJECT", "ChecksumCombinationInvalid")]
    [InlineData(true, "CRC64NVME", "COMPOSITE", "ChecksumCombinationInvalid")]
    [InlineData(true, "CRC32", "FULL_OBJECT", "NotForDirectoryBuckets")]
    public void Others_are_refused(bool isDirectory, string algorithm, string? type, string errorId) => Assert.Equal(
        errorId,
        Assert.Throws<S3MultipartException>(
            () => ChecksumAlgorithms.Choose(isDirectory ? BucketType.Directory : BucketType.GeneralPurpose, algorithm, type)).ErrorId);

    [Fact]
    public void A_composite_is_the_hash_of_the_hashes_with_their_number()
    {
        byte[] first = SHA256.HashData([1]), second = SHA256.HashData([2]);
        string expected = Convert.ToBase64String(SHA256.HashData([.. first, .. second])) + "-2";
        (string, long)[] parts = [(Convert.ToBase64String(first), 1), (Convert.ToBase64String(second), 1)];
        Assert.Equal(expected, WholeChecksum.Of("SHA256", "COMPOSITE", parts));
    }

    [Theory]
    [InlineData("CRC64NVME", "rosUhgp5mIg=")]
    [InlineData("CRC32", "y/Q5Jg==")]
    [InlineData("CRC32C", "4waSgw==")]
    [InlineData("SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE=")]
    [InlineData("SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=")]
    public void The_checksum_of_a_part_does_not_depend_on_its_slices(string algorithm, string expected)
    {
        byte[] bytes = "123456789"u8.ToArray();
        using PartChecksum whole = PartChecksum.Begin(algorithm)!;
        using PartChecksum sliced = PartChecksum.Begin(algorithm)!;
        whole.Append(bytes);
        sliced.Append(bytes.AsSpan(0, 4));
        sliced.Append(bytes.AsSpan(4));
        string value = whole.End();
        Assert.Equal(value, sliced.End());
        Assert.Equal(expected, value);
    }
}
