using System.Globalization;
using System.Security.Cryptography;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Tests;

public sealed class ResumeTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData(100, null, "1:8,2:8,5:8", 8)]
    [InlineData(100, 16L, "1:8,2:8", 8)]
    [InlineData(100, 8L, "", 8)]
    [InlineData(100, null, "", 16)]
    [InlineData(100, null, "7:4", 16)]
    [InlineData(100, 10L, "1:16,2:10,3:10", 10)]
    [InlineData(3, null, "1:3", 16)]
    [InlineData(3, 5L, "1:3", 5)]
    [InlineData(200_000, null, "1:8", 20)]
    public void The_size_of_the_parts_is_read_off_those_that_are_there(int length, long? asked, string held, int expected)
    {
        ExistingParts parts = new(held.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split(':'))
            .Select(pair => new StoredPart
            {
                PartNumber = int.Parse(pair[0], CultureInfo.InvariantCulture),
                Size = int.Parse(pair[1], CultureInfo.InvariantCulture) * MiB,
                ETag = "",
            }));
        long size = parts.Plan(length * MiB, asked * MiB).PartSize;
        Assert.Equal(expected * MiB, size);
    }

    [Theory]
    [InlineData("CRC64NVME")]
    [InlineData("CRC32")]
    [InlineData("CRC32C")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    [InlineData(null)]
    public async Task A_part_is_kept_only_if_its_checksum_or_MD5_is_that_of_the_file(string? algorithm)
    {
        byte[] bytes = new byte[600_000];
        new Random(7).NextBytes(bytes);
        StoredPart held = new()
        {
            PartNumber = 1,
            Size = bytes.Length,
            ETag = $"\"{Convert.ToHexString(MD5Of(bytes)).ToLowerInvariant()}\"",
        };
        if (algorithm is not null)
        {
            using PartChecksum checksum = PartChecksum.Begin(algorithm)!;
            checksum.Append(bytes);
            held = held with { ETag = "\"not-an-md5\"", ChecksumAlgorithm = algorithm, Checksum = checksum.End() };
        }

        Assert.True(await ExistingParts.IsSameAsync(new BufferPartBody(bytes), held, CancellationToken.None));
        bytes[599_999] ^= 1;
        Assert.False(await ExistingParts.IsSameAsync(new BufferPartBody(bytes), held, CancellationToken.None));
        Assert.False(await ExistingParts.IsSameAsync(
            new BufferPartBody(bytes), held with { ETag = "\"kms\"", Checksum = null }, CancellationToken.None));
    }

    internal static byte[] MD5Of(byte[] bytes)
    {
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(bytes);
        return md5.GetHashAndReset();
    }

    [Fact]
    public async Task The_oldest_upload_of_the_same_key_and_settings_is_taken()
    {
        DateTime noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
        List<UploadQuery> asked = [];
        FakeStore store = new()
        {
            OnList = query =>
            {
                asked.Add(query);
                return new UploadPage
                {
                    Uploads =
                    [
                        new ListedUpload { Key = "a", UploadId = "old", Initiated = noon },
                        new ListedUpload { Key = "a", UploadId = "new", Initiated = noon.AddHours(2), StorageClass = "STANDARD" },
                        new ListedUpload { Key = "a", UploadId = "cold", Initiated = noon.AddHours(3), StorageClass = "GLACIER" },
                        new ListedUpload { Key = "a", UploadId = "middle", Initiated = noon.AddHours(1) },
                        new ListedUpload { Key = "a", UploadId = "older by its id alone", Initiated = noon },
                        new ListedUpload { Key = "a.iso", UploadId = "other", Initiated = noon.AddHours(4) },
                    ],
                    IsTruncated = true,
                    NextKeyMarker = "a.iso",
                };
            },
        };
        store.PartPages.Enqueue(new PartPage { Parts = [] });
        FoundUploads found = await ResumeSearch.FindAsync(store, new CreateInput { BucketName = "b", Key = "a" }, CancellationToken.None);
        Assert.Equal(("old", 3, 1), (found.Upload?.UploadId, found.Others, found.Different));
        Assert.Equal("a", Assert.Single(asked).Prefix);

        CreateInput cold = new() { BucketName = "b", Key = "a", Object = new ObjectInput { StorageClass = "GLACIER" } };
        store.PartPages.Enqueue(new PartPage { Parts = [] });
        Assert.Equal("cold", (await ResumeSearch.FindAsync(store, cold, CancellationToken.None)).Upload?.UploadId);
        // A list that lags behind shows uploads that are gone.
        Assert.Null((await ResumeSearch.FindAsync(store, cold, CancellationToken.None)).Upload);
        CreateInput checkedBy = new() { BucketName = "b", Key = "a", ChecksumAlgorithm = "SHA256" };
        Assert.Null((await ResumeSearch.FindAsync(store, checkedBy, CancellationToken.None)).Upload);
    }

    [Fact]
    public async Task Bytes_leave_no_faster_than_asked()
    {
        Bandwidth bandwidth = new(new BandwidthLimit(1 << 20), connections: 2);
        long start = Environment.TickCount64;
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), async (_, token) =>
        {
            for (int i = 0; i < 2; i++)
            {
                await bandwidth.TakeAsync(64 << 10, () => { }, token);
            }
        });

        // Eight slices, of which the first leaves at once: seven sixteenths of a second, however fast the machine.
        Assert.True(Environment.TickCount64 - start >= 420);
        Bandwidth least = new(new BandwidthLimit(1024), 256);
        Assert.Equal((128 << 10, 1024), (bandwidth.SliceSize(256 << 10), least.SliceSize(256 << 10)));
    }

    [Theory]
    [InlineData("1:5:c1,2:3:c2", "1:5:c1,2:3:c2", true)]
    [InlineData("1:5:c1,2:3:c2", "1:5:c1,2:3:other", false)]
    [InlineData("1:5:c1,2:3:c2", "1:5:c1", false)]
    [InlineData("1:5:c1", "1:5:c1,2:3:c2", false)]
    [InlineData("1:5:c1", "1:4:c1", false)]
    [InlineData("1:5:c1", "1:5:", false)]
    [InlineData("1:5:", "1:5:", false)]
    public void Parts_that_another_run_has_sent_again_are_the_same_only_by_their_checksums(string own, string listed, bool isSame)
    {
        Assert.Equal(isSame, PartList.AreSame(Parse(own), Parse(listed)));

        static StoredPart[] Parse(string text) =>
        [
            .. text.Split(',').Select(part => part.Split(':')).Select(part => new StoredPart
            {
                PartNumber = int.Parse(part[0], CultureInfo.InvariantCulture),
                Size = int.Parse(part[1], CultureInfo.InvariantCulture),
                ETag = "\"opaque\"",
                ChecksumAlgorithm = "CRC32",
                Checksum = part[2].Length > 0 ? part[2] : null,
            }),
        ];
    }
}
