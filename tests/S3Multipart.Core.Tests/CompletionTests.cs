using System.Text;
using S3Multipart.Core.Engine;
using S3Multipart.Errors;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Ending;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Tests;

public sealed class CompletionTests
{
    private readonly FakeStore _store = new();

    [Fact]
    public async Task Parts_go_in_order_with_the_size_and_the_checksum_of_the_whole()
    {
        byte[] bytes = Encoding.ASCII.GetBytes("123456789");
        MultipartUpload upload = new()
        {
            BucketName = "b",
            Key = "k",
            UploadId = "id",
            ChecksumAlgorithm = "CRC64NVME",
            ChecksumType = "FULL_OBJECT",
        };
        _store.Response = new CompletedObject { ChecksumAlgorithm = "CRC64NVME", Checksum = "rosUhgp5mIg=", ETag = "\"e\"" };
        StoredPart[] parts = [Checked(3, bytes[7..]), Checked(1, bytes[..4]), Checked(2, bytes[4..7])];
        CompletedUpload completed =
            await Completion.RunAsync(_store, upload, parts, new CompletionOptions { PartCount = 3 }, CancellationToken.None);
        Assert.Equal([1, 2, 3], _store.Completed!.Parts.Select(part => part.PartNumber));
        Assert.Equal("rosUhgp5mIg=", _store.Completed.Checksum);
        Assert.Equal((9L, 9L, 3), (_store.Completed.Size, completed.Size, completed.PartCount));
    }

    [Fact]
    public async Task An_answer_with_another_checksum_is_an_error()
    {
        MultipartUpload upload = new()
        {
            BucketName = "b",
            Key = "k",
            UploadId = "id",
            ChecksumAlgorithm = "CRC64NVME",
            ChecksumType = "FULL_OBJECT",
        };
        _store.Response = new CompletedObject { ChecksumAlgorithm = "CRC64NVME", Checksum = "AAAAAAAAAAA=" };
        S3MultipartException e = await Assert.ThrowsAsync<S3MultipartException>(() => Completion.RunAsync(
            _store, upload, [Checked(1, [1, 2, 3])], new CompletionOptions { PartCount = 1 }, CancellationToken.None));
        Assert.Equal("ChecksumMismatch", e.ErrorId);
    }

    [Theory]
    [InlineData("1:9 2:9 3:4", null, null, null)]
    [InlineData("1:9 2:9 3:9", 3, null, null)]
    [InlineData("1:9 2:9 3:9", null, 27L, null)]
    [InlineData("1:9 2:9 3:9", null, null, "UploadSizeUnknown")]
    [InlineData("1:9", null, null, "UploadSizeUnknown")]
    [InlineData("1:9 2:9 3:4", 4, null, "UploadIncomplete")]
    [InlineData("1:9 3:4", null, null, "UploadIncomplete")]
    [InlineData("2:9 3:4", null, null, "UploadIncomplete")]
    [InlineData("", null, null, "UploadIncomplete")]
    [InlineData("", 1, 0L, "UploadIncomplete")]
    [InlineData("1:9 2:9 3:4", null, 23L, "SizeMismatch")]
    public async Task Only_what_is_known_to_be_whole_is_completed(string parts, int? count, long? size, string? errorId)
    {
        StoredPart[] stored = [.. parts.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split(':'))
            .Select(part => new StoredPart { PartNumber = int.Parse(part[0], null), Size = long.Parse(part[1], null), ETag = "\"e\"" })];
        Exception? e = await Record.ExceptionAsync(() => Completion.RunAsync(
            _store, RecordingSink.Upload(), stored, new CompletionOptions { PartCount = count, ObjectSize = size },
            CancellationToken.None));
        Assert.Equal(errorId, (e as S3MultipartException)?.ErrorId);
        Assert.Equal(errorId is null, _store.Completed is not null);
    }

    [Fact]
    public async Task A_stream_that_has_not_ended_and_an_upload_of_which_a_part_failed_are_not_completed()
    {
        MultipartUpload open = RecordingSink.Upload(), failed = RecordingSink.Upload();
        UploadState.Of(open).Transfer.Begin(partCount: null);
        UploadState.Of(failed).Transfer.Begin(partCount: 1);
        UploadState.Of(failed).Transfer.Fail(new IOException("torn"));
        foreach (MultipartUpload upload in new[] { open, failed })
        {
            S3MultipartException e = await Assert.ThrowsAsync<S3MultipartException>(() => Completion.RunAsync(
                _store, upload, [Checked(1, [1])], new CompletionOptions { PartsAreAll = true }, CancellationToken.None));
            Assert.Equal("UploadIncomplete", e.ErrorId);
            S3MultipartException explained = (S3MultipartException)UploadFailure.OfCompletion(e, upload, size: null, condition: "");
            Assert.Contains(
                "Get-S3MultipartUpload -BucketName bucket -Key key -UploadId id", explained.RecommendedAction, StringComparison.Ordinal);
        }

        Assert.Null(_store.Completed);
    }

    private static StoredPart Checked(int number, byte[] bytes) => new()
    {
        PartNumber = number,
        Size = bytes.Length,
        ETag = $"\"{number}\"",
        ChecksumAlgorithm = "CRC64NVME",
        Checksum = Crc.Crc64Nvme.ToBase64(Crc.Crc64Nvme.Of(bytes)),
    };
}
