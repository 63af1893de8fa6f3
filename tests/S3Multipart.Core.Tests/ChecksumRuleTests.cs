using System.Security.Cryptography;
using System.Text;
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
    [InlineData(false, "SHA512", null, "SHA512", "COMPOSITE")]
    [InlineData(false, "MD5", "COMPOSITE", "MD5", "COMPOSITE")]
    [InlineData(false, "XXHASH64", null, "XXHASH64", "COMPOSITE")]
    [InlineData(false, "XXHASH3", null, "XXHASH3", "COMPOSITE")]
    [InlineData(false, "XXHASH128", "COMPOSITE", "XXHASH128", "COMPOSITE")]
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
    [InlineData(false, "SHA512", "FULL_OBJECT", "ChecksumCombinationInvalid")]
    [InlineData(false, "MD5", "FULL_OBJECT", "ChecksumCombinationInvalid")]
    [InlineData(false, "XXHASH64", "FULL_OBJECT", "ChecksumCombinationInvalid")]
    [InlineData(false, "XXHASH3", "FULL_OBJECT", "ChecksumCombinationInvalid")]
    [InlineData(false, "XXHASH128", "FULL_OBJECT", "ChecksumCombinationInvalid")]
    [InlineData(false, "SHA384", null, "ChecksumCombinationInvalid")]
    [InlineData(true, "CRC64NVME", "COMPOSITE", "ChecksumCombinationInvalid")]
    [InlineData(true, "MD5", null, "NotForDirectoryBuckets")]
    [InlineData(true, "SHA512", "COMPOSITE", "NotForDirectoryBuckets")]
    [InlineData(true, "XXHASH128", null, "NotForDirectoryBuckets")]
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

    // The bytes that the tests of AWS's own library (awslabs/aws-checksums) expect for these texts, in base64.
    [Theory]
    [InlineData("XXHASH64", "Hello world", "xQCwyRKzdtg=")]
    [InlineData("XXHASH64", "abcdefghijklmnopqrstuvwxyz", "z+HyePqJg1w=")]
    [InlineData("XXHASH3", "Hello world", "tqy52Eo4/3Q=")]
    [InlineData("XXHASH3", "abcdefghijklmnopqrstuvwxyz", "gQ+coGf7uQw=")]
    [InlineData("XXHASH128", "Hello world", "c1H4mBL5c4K5HQWzHgTdfw==")]
    [InlineData("XXHASH128", "abcdefghijklmnopqrstuvwxyz", "23ykToSEPWfr4WIiAVTh5g==")]
    public void An_XXHASH_has_the_byte_order_of_S3(string algorithm, string text, string expected)
    {
        using PartChecksum checksum = PartChecksum.Begin(algorithm)!;
        checksum.Append(Encoding.ASCII.GetBytes(text));
        Assert.Equal(expected, checksum.End());
    }

    [Fact]
    public void Every_algorithm_of_S3_is_computed_and_all_but_MD5_go_in_a_trailer()
    {
        Assert.All(ChecksumAlgorithms.All, algorithm =>
        {
            Assert.True(PartChecksum.IsKnown(algorithm));
            using PartChecksum? checksum = PartChecksum.Begin(algorithm);
            Assert.NotNull(checksum);
            Assert.Equal(algorithm != "MD5", ChecksumAlgorithms.HasTrailer(algorithm));
        });
        Assert.Null(PartChecksum.Begin("SHA384"));
        Assert.False(ChecksumAlgorithms.HasTrailer("SHA384"));
    }

    [Fact]
    public void A_composite_of_the_widest_digests_is_made_too()
    {
        byte[] digest = SHA512.HashData([1]);
        string expected = Convert.ToBase64String(SHA512.HashData(digest)) + "-1";
        Assert.Equal(expected, WholeChecksum.Of("SHA512", "COMPOSITE", [(Convert.ToBase64String(digest), 1)]));
    }

    [Theory]
    [InlineData("SHA512", "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==")]
    [InlineData("MD5", "JfnnlDI7RTiF9RgfG2JNCw==")]
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
