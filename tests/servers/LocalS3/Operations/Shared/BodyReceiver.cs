using System.Security.Cryptography;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;
using Microsoft.Win32.SafeHandles;

namespace LocalS3.Operations.Shared;

/// <summary>Bytes that were received and verified, but are no part and no object yet.</summary>
internal sealed record ReceivedBody(string? File, long Size, string ETag, string? ChecksumAlgorithm, string? Checksum);

/// <summary>Writes the body of UploadPart or PutObject to disk.</summary>
internal static class BodyReceiver
{
    public static async Task<ReceivedBody> ReceiveAsync(
        S3Request request, Bucket bucket, BodyDigests digests, Encryption encryption, ChecksumAlgorithm? required, bool discard)
    {
        if (request.Body.Length is not { } length)
            throw S3Errors.MissingContentLength();
        if (length > Limits.MaxPartSize)
            throw S3Errors.EntityTooLarge(length, Limits.MaxPartSize);
        if (discard)
        {
            long size = await request.Body.DiscardAsync(digests);
            return new ReceivedBody(null, size, ETags.Discarded, digests.Algorithm?.Name, digests.Checksum);
        }
        bool md5ETag = encryption.HasMd5ETag && !bucket.IsDirectory;
        digests.Start(md5ETag, required);
        string file = DataFolder.NewName();
        try
        {
            using SafeFileHandle handle = File.OpenHandle(
                bucket.Data.PathOf(file), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
            bool isEarly = request.Fault is { Action: "early" };
            long size = await request.Body.CopyToAsync(handle, digests, isEarly ? request.Fault!.After : long.MaxValue);
            bool differs = isEarly || FlipByte(request, handle, size);
            string eTag = !md5ETag ? ETags.Random() : Convert.ToHexStringLower(differs ? Md5OfFile(handle, size) : digests.Md5!);
            return new ReceivedBody(file, size, eTag, digests.Algorithm?.Name, digests.Checksum);
        }
        catch
        {
            bucket.Data.Delete(file);
            throw;
        }
    }

    /// <summary>Changes one stored byte if the request has the fault flip.</summary>
    private static bool FlipByte(S3Request request, SafeFileHandle file, long size)
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

    private static byte[] Md5OfFile(SafeFileHandle file, long size)
    {
        byte[] stored = new byte[size];
        RandomAccess.Read(file, stored, 0);
        return MD5.HashData(stored);
    }
}
