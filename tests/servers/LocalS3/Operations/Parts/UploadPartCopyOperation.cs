using System.Buffers;
using System.Security.Cryptography;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;
using Microsoft.Win32.SafeHandles;

namespace LocalS3.Operations.Parts;

/// <summary>UploadPartCopy.</summary>
internal sealed class UploadPartCopyOperation(ServerContext context)
{
    private const int BufferSize = 256 * 1024;

    public async Task<S3Response> UploadPartCopy(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        int number = PartStore.ReadPartNumber(request);
        Upload upload = ServerContext.FindUpload(request, bucket);
        Encryption encryption = upload.Record.Inputs.Encryption;
        EncryptionHeaders.CheckPartKey(request, encryption);
        CopySource source = CopySource.Find(request, context);
        (long offset, long length) = source.Range(request);

        ChecksumAlgorithm? algorithm = ChecksumAlgorithm.Find(upload.Record.ChecksumAlgorithm);
        ObjectContent content;
        lock (source.Bucket.Gate)
            content = new ObjectContent(source.Bucket, source.Version.Segments, offset, length);
        ReceivedBody body;
        using (content)
        {
            bool md5ETag = encryption.HasMd5ETag && !bucket.IsDirectory;
            body = context.DiscardsBodies
                ? new ReceivedBody(null, length, ETags.Discarded, null, null)
                : await Task.Run(() => Copy(bucket, content, algorithm, md5ETag));
        }
        StoredPart part = PartStore.Put(bucket, upload, number, body);

        XmlText xml = new XmlText().OpenRoot("CopyPartResult")
            .Element("LastModified", part.LastModified).Element("ETag", ETags.Quoted(part.ETag));
        if (algorithm is not null)
            xml.Element(algorithm.XmlName, part.Checksum);
        S3Response response = S3Response.Xml(xml.Close("CopyPartResult"));
        if (source.Version.VersionId != ObjectVersion.NullVersionId)
            response.Set("x-amz-copy-source-version-id", source.Version.VersionId);
        EncryptionHeaders.Write(response, encryption with { Context = null }, request);
        ServerContext.WriteRequestCharged(request, response);
        return response;
    }

    private static ReceivedBody Copy(Bucket bucket, ObjectContent content, ChecksumAlgorithm? algorithm, bool md5ETag)
    {
        string file = DataFolder.NewName();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using SafeFileHandle handle = File.OpenHandle(
                bucket.Data.PathOf(file), FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
            using IncrementalHash? md5 = md5ETag ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
            using IChecksum? checksum = algorithm?.Create();
            long position = 0;
            while (content.Read(buffer.AsSpan(0, BufferSize)) is > 0 and int count)
            {
                md5?.AppendData(buffer, 0, count);
                checksum?.Append(buffer.AsSpan(0, count));
                RandomAccess.Write(handle, buffer.AsSpan(0, count), position);
                position += count;
            }
            return new ReceivedBody(file, position,
                md5 is null ? ETags.Random() : Convert.ToHexStringLower(md5.GetHashAndReset()),
                algorithm?.Name, checksum is null ? null : Convert.ToBase64String(checksum.Finish()));
        }
        catch
        {
            bucket.Data.Delete(file);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
