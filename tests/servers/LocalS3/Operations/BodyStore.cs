using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Storage;
using Microsoft.Win32.SafeHandles;

namespace LocalS3.Operations;

/// <summary>Bytes that have arrived and been verified, but belong to nothing yet.</summary>
internal sealed record ReceivedBody(string? File, long Size, string ETag, string? ChecksumAlgorithm, string? Checksum);

/// <summary>Takes the body of UploadPart or PutObject to disk.</summary>
internal sealed class BodyStore(bool discard)
{
    public const string DiscardedETag = "00000000000000000000000000000000";

    public async Task<ReceivedBody> ReceiveAsync(
        S3Request request, Bucket bucket, BodyDigests digests, Encryption encryption, ChecksumAlgorithm? wanted)
    {
        if (request.Body.Length is not { } length)
            throw S3Errors.MissingContentLength();
        if (length > Limits.LargestPart)
            throw S3Errors.EntityTooLarge(length, Limits.LargestPart);
        if (discard)
        {
            long size = await request.Body.DiscardAsync(digests);
            return new ReceivedBody(null, size, DiscardedETag, digests.Algorithm?.Name, digests.Checksum);
        }
        bool md5ETag = encryption.HasMd5ETag && !bucket.IsDirectory;
        digests.Start(md5ETag, wanted);
        string file = DataFolder.NewName();
        try
        {
            using SafeFileHandle handle = File.OpenHandle(
                bucket.Data.PathOf(file), FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
            long size = await request.Body.CopyToAsync(handle, digests);
            string eTag = md5ETag ? Convert.ToHexStringLower(digests.Md5!) : RandomETag();
            return new ReceivedBody(file, size, eTag, digests.Algorithm?.Name, digests.Checksum);
        }
        catch
        {
            bucket.Data.Delete(file);
            throw;
        }
    }

    public static string RandomETag() => Guid.NewGuid().ToString("N");
}
