using System.Diagnostics;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Objects;
using S3Multipart.Core.Planning;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Comparing;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Sending;

/// <summary>Sends a file that is too small to be cut: one request, and the object is there or is as it was.</summary>
internal static class ObjectPut
{
    internal static async Task<CompletedUpload> RunAsync(
        S3Connection connection, IObjectStore store, CreateInput input, PutOptions options, Bandwidth? bandwidth,
        CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        string path = input.FileName!;
        using FileSource file = FileSource.Open(path);
        CheckUnchanged(file.Stamp);
        PutInput put = new()
        {
            Object = input,
            Body = file.Slice(partNumber: 1, 0, file.Length),
            SendContentMD5 = options.SendContentMD5,
            Sent = options.Sent,
            Bandwidth = bandwidth,
        };
        CompletedObject stored;
        try
        {
            stored = await SendAsync(store, put, cancellationToken);
        }
        catch (S3ServiceException e)
        {
            // What changed between the reading for the checksum and the sending is refused with a word about the checksum.
            CheckUnchanged(FileSource.FindStamp(path));
            Exception advised = StorageClasses.Advise(e, input.Object.StorageClass);
            throw EncryptionAdvice.Advise(advised, input.Encryption, BucketAddress.Parse(input.BucketName).Type, isBegun: false);
        }

        CheckUnchanged(FileSource.FindStamp(path));
        Evidence evidence = stored.Evidence ?? await FindEvidenceAsync(connection, store, input, file, stored, cancellationToken);
        if (options.NeedsProof && !evidence.IsProof)
        {
            throw Failure.ObjectNotVerified(S3Uri.Of(input.BucketName, input.Key));
        }

        TimeSpan duration = Stopwatch.GetElapsedTime(started);
        CompletedUpload completed = new()
        {
            BucketName = input.BucketName,
            Key = input.Key,
            UploadId = null,
            ETag = stored.ETag,
            VersionId = stored.VersionId,
            Size = file.Length,
            ChecksumAlgorithm = stored.ChecksumAlgorithm,
            ChecksumType = stored.ChecksumType,
            Checksum = stored.Checksum,
            Evidence = evidence.ToString(),
            ExpirationDate = stored.ExpirationDate,
            ExpirationRuleId = stored.ExpirationRuleId,
            RequestCharged = stored.RequestCharged,
            Encryption = stored.Encryption.Method,
            KmsKeyId = stored.Encryption.KmsKeyId,
            BucketKeyEnabled = stored.Encryption.BucketKeyEnabled,
            PartCount = 0,
            Outcome = UploadOutcome.Uploaded,
            BytesSent = file.Length,
            BytesReused = 0,
            Duration = duration,
            BytesPerSecond = duration > TimeSpan.Zero ? file.Length / duration.TotalSeconds : null,
            LiteralPath = path,
        };

        // What is compared with the object later goes over the same connection, with the same key.
        UploadState state = new() { Connection = connection, CustomerKey = input.Encryption.CustomerKey };
        return CompletedOrigin.Attach(
            state.AttachTo(new MultipartUpload { BucketName = input.BucketName, Key = input.Key, UploadId = null }), completed);

        void CheckUnchanged(FileStamp? now)
        {
            if ((input.Stamp ?? file.Stamp).DifferenceTo(now) is { } how)
            {
                throw SourceFailure.FileChanged(path, partNumber: 1, how);
            }
        }
    }

    private static async Task<CompletedObject> SendAsync(IObjectStore store, PutInput put, CancellationToken cancellationToken)
    {
        try
        {
            return await store.PutObjectAsync(put, cancellationToken);
        }
        catch (S3ServiceException e) when (!put.SendContentMD5 && e.ErrorCode == "InvalidRequest"
            && e.Message.Contains("Content-MD5", StringComparison.Ordinal))
        {
            // The bucket locks its objects by default.
            return await store.PutObjectAsync(put with { SendContentMD5 = true }, cancellationToken);
        }
    }

    /// <summary>What proves the object where the response confirms no digest: its ETag, if that is an MD5, else what HEAD shows.</summary>
    private static async Task<Evidence> FindEvidenceAsync(
        S3Connection connection, IObjectStore store, CreateInput input, FileSource file, CompletedObject stored,
        CancellationToken cancellationToken)
    {
        string target = S3Uri.Of(input.BucketName, input.Key);
        bool isOpaque = ETags.AreOpaque(input.BucketName, stored.Encryption.Method, input.Encryption.CustomerKey);
        if (!isOpaque && ETags.MD5Of(stored.ETag!) is { } reported)
        {
            string md5 = await FileDigest.ETagAsync(file, partSizes: null, cancellationToken);
            return md5.Equals(reported, StringComparison.OrdinalIgnoreCase)
                ? Evidence.ETag
                : throw Failure.ChecksumMismatch(target, md5, reported);
        }

        CopySource source = CopySource.OfUpload(input.BucketName, input.Key, input.Encryption.CustomerKey, stored.VersionId);
        Comparison comparison;
        try
        {
            FoundObject found = await store.HeadObjectAsync(source, cancellationToken);
            comparison = await ObjectComparison.Of(connection, store, source)
                .CompareAsync(found, file, input.PartSize, cancellationToken);
        }
        catch (S3ServiceException e)
        {
            throw Failure.CompletionNotConfirmed(target, e);
        }

        return comparison.IsIdentical == false
            ? throw Failure.ObjectDiffers(target, comparison.Reason!)
            : comparison.Evidence ?? Evidence.Size;
    }
}
