using System.Security.Cryptography;
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
                bucket.Data.PathOf(file), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
            bool isEarly = request.Fault is { Action: "early" };
            long size = await request.Body.CopyToAsync(handle, digests, isEarly ? request.Fault!.After : long.MaxValue);
            bool isFalse = isEarly || Flip(request, handle, size);
            string eTag = !md5ETag ? RandomETag() : Convert.ToHexStringLower(isFalse ? ReadForMd5(handle, size) : digests.Md5!);
            return new ReceivedBody(file, size, eTag, digests.Algorithm?.Name, digests.Checksum);
        }
        catch
        {
            bucket.Data.Delete(file);
            throw;
        }
    }

    /// <summary>Stores one byte otherwise than it came, where a fault asks for that.</summary>
    private static bool Flip(S3Request request, SafeFileHandle file, long size)
    {
        if (request.Fault is not { Action: "flip" } fault || size == 0)
            return false;
        byte[] one = new byte[1];
        long at = fault.After % size;
        RandomAccess.Read(file, one, at);
        one[0] ^= 1;
        RandomAccess.Write(file, one, at);
        return true;
    }

    private static byte[] ReadForMd5(SafeFileHandle file, long size)
    {
        byte[] stored = new byte[size];
        RandomAccess.Read(file, stored, 0);
        return MD5.HashData(stored);
    }

    public static string RandomETag() => Guid.NewGuid().ToString("N");
}
