using System.Net;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Comparing;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Tests;

public sealed class ComparisonTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly FakeStore _store = new();
    private readonly string _path = Path.GetTempFileName();
    private readonly byte[] _bytes = new byte[(12 * MiB) + 5];

    public ComparisonTests()
    {
        new Random(3).NextBytes(_bytes);
        File.WriteAllBytes(_path, _bytes);
    }

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("CRC64NVME")]
    [InlineData("CRC32C")]
    [InlineData("SHA256")]
    [InlineData("XXHASH3")]
    public async Task A_checksum_of_all_bytes_is_compared_with_that_of_the_file(string algorithm)
    {
        string checksum = ChecksumOf(algorithm, _bytes);
        FoundObject found = new(_bytes.Length, "\"no-md5\"") { ChecksumAlgorithm = algorithm, Checksum = checksum };
        Comparison same = await CompareAsync(found);
        Assert.Equal((true, algorithm, null), (same.IsIdentical, same.Evidence!.ToString(), same.Reason));
        Comparison other = await CompareAsync(found with { Checksum = ChecksumOf(algorithm, [1, 2]) });
        Assert.False(other.IsIdentical);
        Assert.Contains(checksum, other.Reason, StringComparison.Ordinal);
        Assert.Equal(0, _store.PartHeads);
    }

    [Theory]
    [InlineData(5, 5, 0)]
    [InlineData(5, 16, 1)]
    [InlineData(7, 5, 1)]
    [InlineData(16, 5, 0)]
    public async Task Parts_are_cut_as_this_run_would_cut_them_and_else_as_the_object_was(int cut, int requested, int heads)
    {
        _store.OnHeadPart = number => new FoundPart(Parts(cut).ElementAt(number - 1).Length, CountOf(cut));
        FoundObject byETag = new(_bytes.Length, ETagOf(cut));
        Assert.Equal((true, "ETag"), Result(await CompareAsync(byETag, requested)));
        Assert.Equal(heads, _store.PartHeads);
        FoundObject byChecksum = new(_bytes.Length, "\"no-md5\"")
        {
            ChecksumAlgorithm = "SHA256",
            Checksum = WholeChecksum.Of(
                "SHA256", "COMPOSITE", [.. Parts(cut).Select(part => (ChecksumOf("SHA256", part), (long)part.Length))]),
        };
        Assert.Equal((true, "SHA256 composite"), Result(await CompareAsync(byChecksum, requested)));
        _bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(_path, _bytes, TestContext.Current.CancellationToken);
        Assert.Equal((false, "ETag"), Result(await CompareAsync(byETag, requested)));
        Assert.Equal((false, "SHA256 composite"), Result(await CompareAsync(byChecksum, requested)));
    }

    [Fact]
    public async Task Parts_of_several_sizes_are_compared_where_the_store_lists_them()
    {
        long[] sizes = [5 * MiB, 6 * MiB, _bytes.Length - (11 * MiB)];
        List<(string, long)> parts = [];
        for (int i = 0, offset = 0; i < sizes.Length; offset += (int)sizes[i++])
        {
            parts.Add((ChecksumOf("SHA256", _bytes[offset..(offset + (int)sizes[i])]), sizes[i]));
        }

        _store.OnHeadPart = number => new FoundPart(sizes[number - 1], 3);
        _store.ObjectParts = [sizes[..2], sizes[2..]];
        FoundObject found = new(_bytes.Length, "\"no-md5\"")
        {
            ChecksumAlgorithm = "SHA256",
            Checksum = WholeChecksum.Of("SHA256", "COMPOSITE", parts),
        };
        Assert.Equal((true, "SHA256 composite"), Result(await CompareAsync(found)));
        _store.ObjectParts = [sizes[..2]];
        Assert.Null((await CompareAsync(found)).IsIdentical);
        _store.ObjectParts = [sizes[..2], sizes[2..]];
        _bytes[7] ^= 1;
        await File.WriteAllBytesAsync(_path, _bytes, TestContext.Current.CancellationToken);
        Assert.Equal((false, "SHA256 composite"), Result(await CompareAsync(found)));
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData(HttpStatusCode.NotImplemented)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task A_store_that_refuses_to_describe_parts_is_compared_by_usual_part_sizes(HttpStatusCode status)
    {
        ServiceResponse refused = new("Refused", status);
        _store.OnHeadPart = _ => throw S3ServiceException.Create(refused, FailureKind.InvalidOperation, "no");
        Assert.Equal((true, "ETag"), Result(await CompareAsync(new(_bytes.Length, ETagOf(5)), partSize: 6)));
        Assert.Null((await CompareAsync(new(_bytes.Length, ETagOf(7)), partSize: 16)).IsIdentical);
    }

    [Fact]
    public async Task Parts_of_several_sizes_are_not_comparable()
    {
        // The first part's size makes the right number of parts, and is not that of all.
        _store.OnHeadPart = number => new FoundPart(number == 3 ? 5 : (number + 4) * MiB, 3);
        Comparison result = await CompareAsync(new(_bytes.Length, $"\"{new string('a', 32)}-3\""), partSize: 16);
        Assert.Null(result.IsIdentical);
        Assert.Contains("several sizes", result.Reason, StringComparison.Ordinal);
        Assert.Equal(2, _store.PartHeads);
        _store.OnHeadPart = _ => new FoundPart(7 * MiB, 3);
        Assert.Null((await CompareAsync(new(_bytes.Length, $"\"{new string('a', 32)}-3\""), partSize: 16)).IsIdentical);
        // A store that knows no parts of objects answers for the whole of it; then an equal digest is all that proves a part size.
        _store.OnHeadPart = _ => new FoundPart(_bytes.Length, null);
        Assert.Equal((true, "ETag"), Result(await CompareAsync(new(_bytes.Length, ETagOf(5)), partSize: 16)));
        _store.OnHeadPart = _ => new FoundPart(_bytes.Length, null);
        Assert.Null((await CompareAsync(new(_bytes.Length, $"\"{new string('a', 32)}-3\""), partSize: 5)).IsIdentical);
    }

    [Theory]
    [InlineData("aws:kms")]
    [InlineData("aws:kms:dsse")]
    public async Task An_ETag_under_KMS_is_never_taken_for_an_MD5(string encryption)
    {
        string etag = $"\"{Convert.ToHexStringLower(ResumeTests.MD5Of(_bytes))}\"";
        Comparison result = await CompareAsync(new(_bytes.Length, etag) { Encryption = new() { Method = encryption } });
        Assert.Null(result.IsIdentical);
    }

    [Fact]
    public async Task Another_stores_checksum_does_not_outweigh_an_ETag_of_the_same_bytes()
    {
        FoundObject found = new(_bytes.Length, $"\"{Convert.ToHexStringLower(ResumeTests.MD5Of(_bytes))}\"")
        {
            ChecksumAlgorithm = "CRC32",
            Checksum = "AAAAAA==",
        };
        Assert.Equal((true, "ETag"), Result(await CompareAsync(found, isOtherStore: true)));
        Assert.Equal((false, "CRC32"), Result(await CompareAsync(found)));
        FoundObject other = found with { ETag = "\"" + new string('0', 32) + "\"" };
        Assert.Equal((false, "CRC32"), Result(await CompareAsync(other, isOtherStore: true)));
    }

    [Fact]
    public async Task Another_size_is_another_object_and_no_byte_is_read()
    {
        Comparison result = await CompareAsync(new(_bytes.Length - 1, "\"any\""));
        Assert.Equal((false, "Size"), Result(result));
    }

    [Theory]
    [InlineData("AES256", null, "AES256", null, true)]
    [InlineData("AES256", null, "aws:kms", null, false)]
    [InlineData("AES256", null, null, null, false)]
    [InlineData(null, null, "aws:kms", "any", true)]
    [InlineData("aws:kms", "1234", "aws:kms", "arn:aws:kms:r:1:key/1234", true)]
    [InlineData("aws:kms", "arn:aws:kms:r:1:key/1234", "aws:kms", "arn:aws:kms:r:1:key/1234", true)]
    [InlineData("aws:kms", "1234", "aws:kms", "arn:aws:kms:r:1:key/4321", false)]
    [InlineData("aws:kms", "alias/a", "aws:kms", "arn:aws:kms:r:1:key/4321", true)]
    [InlineData("aws:kms", "arn:aws:kms:r:1:alias/a", "aws:kms", "arn:aws:kms:r:1:key/4321", true)]
    public void Encryption_is_compared_where_it_was_requested_and_can_be(
        string? method, string? key, string? applied, string? appliedKey, bool isSame)
    {
        CreateInput input = new()
        {
            BucketName = "b",
            Key = "k",
            Encryption = new EncryptionInput { Method = method, KmsKeyId = key },
        };
        FoundObject found = new(1, "\"e\"") { Encryption = new() { Method = applied, KmsKeyId = appliedKey } };
        Assert.Equal(isSame, RequestedProperties.DifferenceOf(input, found) is null);
    }

    private async Task<Comparison> CompareAsync(FoundObject found, int? partSize = null, bool isOtherStore = false) =>
        await new ObjectComparison(_store, CopySource.OfUpload("bucket", "key", customerKey: null), isOtherStore)
            .CompareAsync(found, _path, partSize * MiB, TestContext.Current.CancellationToken);

    private static (bool? IsIdentical, string? Evidence) Result(Comparison result) => (result.IsIdentical, result.Evidence?.ToString());

    private static string ChecksumOf(string algorithm, byte[] bytes)
    {
        using PartChecksum checksum = PartChecksum.Begin(algorithm)!;
        checksum.Append(bytes);
        return checksum.End();
    }

    private IEnumerable<byte[]> Parts(int size) => _bytes.Chunk(size * MiB);

    private int CountOf(int size) => Parts(size).Count();

    private string ETagOf(int size) =>
        $"\"{Convert.ToHexStringLower(ResumeTests.MD5Of([.. Parts(size).SelectMany(ResumeTests.MD5Of)]))}-{CountOf(size)}\"";
}
