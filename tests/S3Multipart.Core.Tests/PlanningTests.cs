using S3Multipart.Core.Buckets;
using S3Multipart.Core.Limits;
using S3Multipart.Core.Planning;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Sending;

namespace S3Multipart.Tests;

public sealed class PlanningTests
{
    private const long MiB = 1L << 20;

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(16 * MiB, 1, 16 * MiB)]
    [InlineData((16 * MiB) + 1, 2, 1)]
    [InlineData(160_000 * MiB, 10_000, 16 * MiB)]
    public void Default_plans_have_parts_of_16_MiB_and_a_shorter_last_one(long length, int count, long last)
    {
        PartPlan plan = PartPlan.For(length);
        Assert.Equal(16 * MiB, plan.PartSize);
        Assert.Equal(count, plan.Count);
        Assert.Equal(last, plan.SizeOf(count));
    }

    [Theory]
    [InlineData((160_000 * MiB) + 1)]
    [InlineData(1L << 40)]
    [InlineData(5L << 40)]
    [InlineData(48L << 40)]
    [InlineData(S3Limits.MaxObjectSize)]
    public void Larger_files_get_larger_parts_and_never_more_than_10_000(long length)
    {
        PartPlan plan = PartPlan.For(length);
        Assert.InRange(plan.Count, 2, 10_000);
        Assert.InRange(plan.PartSize, 16 * MiB, 5120 * MiB);
        Assert.Equal(0, plan.PartSize % MiB);
        Assert.Equal(length, plan.OffsetOf(plan.Count) + plan.SizeOf(plan.Count));
        Assert.InRange(plan.SizeOf(plan.Count), 1, plan.PartSize);
    }

    [Theory]
    [InlineData(1, (5 * MiB) - 1, "PartSizeOutOfRange")]
    [InlineData(1, (5120 * MiB) + 1, "PartSizeOutOfRange")]
    [InlineData(1, -1L, "PartSizeOutOfRange")]
    [InlineData((50_000 * MiB) + 1, 5 * MiB, "TooManyParts")]
    [InlineData(S3Limits.MaxObjectSize + 1, null, "ObjectTooLarge")]
    public void Plans_that_S3_would_refuse_are_refused(long length, long? partSize, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<S3MultipartException>(() => PartPlan.For(length, partSize)).ErrorId);

    [Fact]
    public void The_error_of_too_many_parts_names_a_size_that_works()
    {
        S3MultipartException e = Assert.Throws<S3MultipartException>(() => PartPlan.For(50_000 * MiB * 2, 5 * MiB));
        Assert.Contains("10,485,760", e.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(10_000, PartPlan.For(50_000 * MiB * 2, 10_485_760).Count);
    }

    [Theory]
    [InlineData("5242880", 5242880)]
    [InlineData("64MB", 64 * MiB)]
    [InlineData("64 MiB", 64 * MiB)]
    [InlineData("64m", 64 * MiB)]
    [InlineData("1.5GB", 1536 * MiB)]
    [InlineData("3TB", 3L << 40)]
    [InlineData("10 bytes", 10)]
    [InlineData("7B", 7)]
    public void Sizes_are_read_as_people_write_them(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out long read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-5MB")]
    [InlineData("1,5GB")]
    [InlineData("5XB")]
    [InlineData("99999999999TB")]
    public void Other_text_is_no_size(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(16 * MiB, "16.0 MiB")]
    [InlineData(1536 * MiB, "1.5 GiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Sizes_are_written_short(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));

    [Theory]
    [InlineData("7d", 7 * 24 * 60)]
    [InlineData("12h", 12 * 60)]
    [InlineData("90m", 90)]
    [InlineData("1.5h", 90)]
    [InlineData("2w", 14 * 24 * 60)]
    public void Ages_are_read_as_people_write_them(string text, int minutes)
    {
        Assert.True(Age.TryParse(text, out TimeSpan age));
        Assert.Equal(TimeSpan.FromMinutes(minutes), age);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("d")]
    [InlineData("-7d")]
    [InlineData("7 years")]
    public void Other_text_is_no_age(string text) => Assert.False(Age.TryParse(text, out _));

    [Theory]
    [InlineData("/data/images/a.iso", null, null, "a.iso")]
    [InlineData("/data/images/a.iso", "p/", null, "p/a.iso")]
    [InlineData("/data/images/sub/a.iso", "p/", "/data/images", "p/sub/a.iso")]
    [InlineData("/data/images/sub/a.iso", null, "/data/images/", "sub/a.iso")]
    [InlineData("/data/images/..a.iso", null, "/data/images", "..a.iso")]
    [InlineData("/data/a\\b.iso", null, "/data", "a\\b.iso")]
    public void Keys_follow_from_paths(string path, string? prefix, string? root, string key)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(key, ObjectKey.ForFile(path, prefix, root));
        }
    }

    [Fact]
    public void A_file_outside_the_root_has_no_key() => Assert.Equal(
        "PathNotUnderRelativeTo",
        Assert.Throws<S3MultipartException>(
            () => ObjectKey.ForFile(Path.GetFullPath("/data/other/a"), null, Path.GetFullPath("/data/images"))).ErrorId);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Keys_are_measured_in_bytes_of_UTF_8(int characters, bool isRight)
    {
        Exception? e = Record.Exception(() => ObjectKey.Check(new string('ü', characters)));
        Assert.Equal(isRight, e is null);
    }

    [Theory]
    [InlineData("backups", false, null)]
    [InlineData("arn:aws:s3:us-west-2:123456789012:accesspoint/test", false, null)]
    [InlineData("backups--usw2-az1--x-s3", true, "usw2-az1")]
    [InlineData("back--ups--use1-lax1-az1--x-s3", true, "use1-lax1-az1")]
    [InlineData("point--usw2-az1--xa-s3", true, "usw2-az1")]
    public void The_kind_of_a_bucket_and_its_zone_are_in_its_name(string name, bool isDirectory, string? zone)
    {
        BucketAddress bucket = BucketAddress.Parse(name);
        Assert.Equal(isDirectory ? BucketType.Directory : BucketType.GeneralPurpose, bucket.Type);
        Assert.Equal(zone, bucket.ZoneId);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("s3://backups")]
    [InlineData("backups/images")]
    [InlineData("back ups")]
    public void What_can_never_be_a_bucket_is_refused(string name) =>
        Assert.Equal("BucketNameInvalid", Assert.Throws<S3MultipartException>(() => BucketAddress.Parse(name)).ErrorId);

    [Theory]
    [InlineData(@"C:\folder\file.", @"\\?\C:\folder\file.")]
    [InlineData(@"\\?\C:\folder", @"\\?\C:\folder")]
    [InlineData(@"\\.\C:\folder", @"\\?\C:\folder")]
    [InlineData(@"\\server\share\folder", @"\\?\UNC\server\share\folder")]
    [InlineData(@"\\?\UNC\server\share", @"\\?\UNC\server\share")]
    public void APathOfWindowsHasOneExtendedForm(string path, string extended) => Assert.Equal(extended, WindowsPath.Extend(path));

    [Theory]
    [InlineData(2, 0, 0)]
    [InlineData(3, 0, 1)]
    [InlineData(3, 999, 1)]
    [InlineData(3, 1000, 2)]
    [InlineData(5, 9_995, 20)]
    public void The_list_that_is_read_again_has_a_page_for_each_thousand_parts(int toSend, int existing, int pages) =>
        Assert.Equal(pages, FileTransfer.PagesAmong(toSend, existing));
}
