using System.Net;
using System.Security.Cryptography;
using System.Text;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Ending;
using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Retries;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Tests;

public sealed class EvidenceTests
{
    private const string Parts = "\"0cc175b9c0f1b6a831c399e269772661\" \"92eb5ffee6ae2fec3ad71c777531578f\"";
    private const string Opaque = "\"kms-one\" \"kms-two\"";

    // What the store said of "a" and "b", sent as two parts, and what one byte of them makes of it.
    private static readonly string s_etag = ETags.OfParts([Part(1, "a", Parts), Part(2, "b", Parts)])!;
    private static readonly string s_other = "\"00000000000000000000000000000000-2\"";
    private static readonly string s_crc = Crc.Crc64Nvme.ToBase64(Crc.Crc64Nvme.Of("ab"u8));

    private static readonly StoredPart[] s_parts = [Part(1, "a", Parts), Part(2, "b", Parts)];
    private static readonly StoredPart[] s_opaque = [Part(1, "a", Opaque), Part(2, "b", Opaque)];

    private readonly FakeStore _store = new() { OnHead = _ => throw Refusal("NotFound", HttpStatusCode.NotFound) };

    [Fact]
    public async Task A_checksum_of_the_whole_is_the_evidence_whatever_else_is_told()
    {
        CompletedUpload completed = await RunAsync(new() { ETag = s_other, ChecksumAlgorithm = "CRC64NVME", Checksum = s_crc });
        Assert.Equal("CRC64NVME", completed.Evidence);
        Assert.Equal("ChecksumMismatch", await ErrorAsync(new() { ChecksumAlgorithm = "CRC64NVME", Checksum = "AAAAAAAAAAA=" }));
    }

    [Fact]
    public async Task A_checksum_of_checksums_is_told_as_such()
    {
        string composite = WholeChecksum.Of("SHA256", "COMPOSITE", [(Sha256("a"), 1), (Sha256("b"), 1)])!;
        StoredPart[] parts =
        [
            Part(1, "a", Parts) with { ChecksumAlgorithm = "SHA256", Checksum = Sha256("a") },
            Part(2, "b", Parts) with { ChecksumAlgorithm = "SHA256", Checksum = Sha256("b") },
        ];
        CompletedUpload completed = await RunAsync(new() { ChecksumAlgorithm = "SHA256", Checksum = composite }, parts);
        Assert.Equal("SHA256 composite", completed.Evidence);
    }

    [Fact]
    public async Task The_ETag_of_the_parts_is_evidence_where_no_encryption_makes_it_opaque()
    {
        Assert.Equal("ETag", (await RunAsync(new() { ETag = s_etag })).Evidence);

        // moto answers checksums of other algorithms than requested.
        Assert.Equal("ETag", (await RunAsync(new() { ETag = s_etag, ChecksumAlgorithm = "CRC32", Checksum = "AAAAAA==" })).Evidence);
        Assert.Equal("ETag", (await RunAsync(new() { ETag = s_etag, Encryption = new() { Method = "AES256" } })).Evidence);
    }

    [Theory]
    [InlineData("aws:kms", "bucket")]
    [InlineData("SSE-C", "bucket")]
    [InlineData(null, "bucket--usw2-az1--x-s3")]
    public async Task Where_ETags_are_opaque_none_is_compared_and_the_number_of_parts_is_told(string? encryption, string bucket)
    {
        CompletedObject response = new() { ETag = s_other, Encryption = new() { Method = encryption } };
        Assert.Equal("PartCount", (await RunAsync(response, bucket: bucket)).Evidence);
        Assert.Equal("PartCount", (await RunAsync(response, s_opaque, bucket: bucket)).Evidence);
        _store.OnHead = _ => new FoundObject(2, s_other) { Encryption = new() { Method = encryption } };
        Assert.Equal("VerifyImpossible", await ErrorAsync(response, s_opaque, bucket, verify: true));
    }

    [Theory]
    [InlineData("\"d41d8cd98f00b204e9800998ecf8427e-0\"")]
    [InlineData("\"00000000000000000000000000000000-1\"")]
    [InlineData("\"00000000000000000000000000000000-3\"")]
    public async Task An_object_of_another_number_of_parts_is_not_the_one(string etag)
    {
        Assert.Equal("ObjectDiffers", await ErrorAsync(new() { ETag = etag }));
        Assert.Equal("ObjectDiffers", await ErrorAsync(new() { ETag = etag, Encryption = new() { Method = "aws:kms" } }, s_opaque));
    }

    [Fact]
    public async Task An_answer_that_does_not_tell_is_followed_by_one_look_at_the_object()
    {
        int heads = 0;
        FoundObject found = new(2, s_etag);
        _store.OnHead = _ => ++heads > 0 ? found : null!;
        CompletedUpload completed = await RunAsync(new() { ETag = null });
        Assert.Equal(("ETag", s_etag, 1), (completed.Evidence, completed.ETag, heads));

        // A wrong ETag in the response to Complete is not the last word either.
        Assert.Equal("ETag", (await RunAsync(new() { ETag = s_other })).Evidence);
        found = new(2, "\"x\"") { ChecksumAlgorithm = "CRC64NVME", Checksum = s_crc };
        completed = await RunAsync(new());
        Assert.Equal(("CRC64NVME", s_crc, "FULL_OBJECT"), (completed.Evidence, completed.Checksum, completed.ChecksumType));
        found = new(2, "\"x\"");
        Assert.Equal("Size", (await RunAsync(new())).Evidence);
        Assert.Equal("VerifyImpossible", await ErrorAsync(new(), verify: true));
        found = new(3, s_etag);
        Assert.Equal("ObjectDiffers", await ErrorAsync(new()));
        found = new(2, s_other);
        Assert.Equal("ChecksumMismatch", await ErrorAsync(new()));
        found = new(2, s_other) { Encryption = new() { Method = "aws:kms" } };
        Assert.Equal("PartCount", (await RunAsync(new())).Evidence);
    }

    [Fact]
    public async Task An_object_that_cannot_be_looked_up_is_not_called_done()
    {
        Assert.Equal("ObjectDiffers", await ErrorAsync(new()));
        _store.OnHead = _ => throw Refusal("AccessDenied", HttpStatusCode.Forbidden);
        Assert.Equal("CompletionUnknown", await ErrorAsync(new()));
    }

    [Fact]
    public async Task A_condition_that_a_look_shows_not_to_hold_completes_nothing()
    {
        _store.OnHead = _ => new FoundObject(9, "\"there\"");
        CompletionOptions clobber = new() { PartsAreAll = true, IfNoneMatch = true, ChecksFirst = true };
        _ = await Assert.ThrowsAsync<PreconditionFailedException>(() => RunAsync(new(), clobber));
        CompletionOptions match = clobber with { IfNoneMatch = false, IfMatch = "there" };
        _ = await Assert.ThrowsAsync<PreconditionFailedException>(() => RunAsync(new(), match with { IfMatch = "\"other\"" }));
        Assert.Null(_store.Completed);

        // Whoever may not look is not hindered, and what holds continues.
        _store.OnHead = _ => throw Refusal("AccessDenied", HttpStatusCode.Forbidden);
        Assert.Equal("ETag", (await RunAsync(new() { ETag = s_etag }, clobber)).Evidence);
        _store.OnHead = _ => new FoundObject(9, "\"there\"");
        Assert.Equal("ETag", (await RunAsync(new() { ETag = s_etag }, match)).Evidence);
    }

    [Fact]
    public void What_was_only_computed_is_not_confirmed_and_stays_so_as_text()
    {
        MultipartUpload upload = RecordingSink.Upload();
        StoredPart sent = Part(1, "a", Parts) with { Checksum = null, ComputedChecksum = "x" };
        Assert.Null(sent.Evidence);
        StoredPart back = PartList.ToStored(PartList.ToPart(new PartOrigin(upload), sent));
        Assert.Equal((null, "x", null), (back.Checksum, back.ComputedChecksum, back.Evidence));
        back = PartList.ToStored(PartList.ToPart(new PartOrigin(upload), sent with { Checksum = "x" }));
        Assert.Equal(("x", "CRC64NVME"), (back.Checksum, back.Evidence?.ToString()));
        back = PartList.ToStored(PartList.ToPart(new PartOrigin(upload), sent with { IsMD5Compared = true }));
        Assert.Equal((null, "ETag"), (back.Checksum, back.Evidence?.ToString()));
    }

    [Fact]
    public void Parts_of_an_encrypted_upload_have_no_MD5()
    {
        MultipartUpload upload = new() { BucketName = "b", Key = "k", UploadId = "id", Encryption = EncryptionInput.SseKms };
        Assert.Null(PartList.ToStored(PartList.ToPart(new PartOrigin(upload), Part(1, "a", Parts))).MD5);
        Assert.NotNull(PartList.ToStored(PartList.ToPart(new PartOrigin(RecordingSink.Upload()), Part(1, "a", Parts))).MD5);
    }

    private static string Sha256(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    private static S3ServiceException Refusal(string code, HttpStatusCode status) =>
        S3ServiceException.Create(new(code, status), FailureKind.ObjectNotFound, "no");

    private static StoredPart Part(int number, string text, string etags) => new()
    {
        PartNumber = number,
        Size = text.Length,
        ETag = etags.Split(' ')[number - 1],
        ChecksumAlgorithm = "CRC64NVME",
        ComputedChecksum = Crc.Crc64Nvme.ToBase64(Crc.Crc64Nvme.Of(Encoding.ASCII.GetBytes(text))),
    };

    private Task<CompletedUpload> RunAsync(CompletedObject response, CompletionOptions options) =>
        RunAsync(response, null, "bucket", options);

    private Task<CompletedUpload> RunAsync(
        CompletedObject response, StoredPart[]? parts = null, string bucket = "bucket", CompletionOptions? options = null)
    {
        _store.Response = response;
        MultipartUpload upload = new UploadState { IsNew = true }.AttachTo(
            new MultipartUpload { BucketName = bucket, Key = "k", UploadId = "id" });
        options ??= new CompletionOptions { PartsAreAll = true };
        return Completion.RunAsync(_store, upload, parts ?? s_parts, options, CancellationToken.None);
    }

    private async Task<string> ErrorAsync(
        CompletedObject response, StoredPart[]? parts = null, string bucket = "bucket", bool verify = false)
    {
        UploadTarget target = new(bucket, "k", "id");
        CompleteInput input = new() { Target = target, Parts = parts ?? s_parts, Size = 2, ChecksumAlgorithm = "CRC64NVME" };
        S3MultipartException e = await Assert.ThrowsAnyAsync<S3MultipartException>(
            () => new CompletionProof(input).ProveAsync(_store, response, verify, CancellationToken.None));
        return e.ErrorId;
    }
}
