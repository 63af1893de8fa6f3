using System.Net;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Objects;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Comparing;

/// <summary>The object of a file that need not be sent: found when a line runs again, and checked by Complete.</summary>
internal static class UnchangedObject
{
    internal static async Task<ObjectSearch> FindAsync(
        S3Connection connection, IObjectStore store, CreateInput input, CancellationToken cancellationToken)
    {
        FileOfObject file = FileOfObject.Of(input);
        FoundObject found;
        try
        {
            found = await store.HeadObjectAsync(file.Object, cancellationToken);
        }
        catch (S3ServiceException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return new ObjectSearch();
        }
        catch (S3ServiceException e) when (e.Status is >= 400 and < 500 or 501)
        {
            bool isDenied = e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized;
            return new ObjectSearch { Refusal = isDenied ? e : null, Reason = "its properties could not be read: " + e.Message };
        }

        if (found.Size == input.Plan!.Value.Length && RequestedProperties.DifferenceOf(input, found) is { } difference)
        {
            return new ObjectSearch { IsThere = true, Reason = difference, IsOtherwise = true };
        }

        Comparison comparison = await ObjectComparison.Of(connection, store, file.Object)
            .CompareAsync(found, file.Path, file.PartSize, cancellationToken);
        return comparison.IsIdentical == true
            ? new ObjectSearch
            {
                IsThere = true,
                Unchanged = Make(connection, file, found, comparison.Evidence!),
                OtherStorageClass = RequestedProperties.OtherStorageClass(input, found),
            }
            : new ObjectSearch { IsThere = true, Reason = comparison.Reason };
    }

    /// <summary>
    /// The object of an upload that is gone, where it holds just the bytes of the upload's file: then another run has completed it. Else
    /// null.
    /// </summary>
    internal static async Task<MultipartUpload?> FindAsync(
        S3Connection connection, IObjectStore store, MultipartUpload upload, CancellationToken cancellationToken)
    {
        FileOfObject file = FileOfObject.Of(upload);
        try
        {
            FoundObject found = await store.HeadObjectAsync(file.Object, cancellationToken);
            Comparison comparison = await ObjectComparison.Of(connection, store, file.Object)
                .CompareAsync(found, file.Path, file.PartSize, cancellationToken);
            return comparison.IsIdentical == true ? Make(connection, file, found, comparison.Evidence!) : null;
        }
        catch (S3MultipartException)
        {
            // That the upload is gone is the error to report.
            return null;
        }
    }

    /// <summary>What Complete emits of it. An object that another process has compared is checked again.</summary>
    internal static async Task<CompletedUpload> CompleteAsync(
        S3Connection connection, IObjectStore store, MultipartUpload upload, bool verify, CancellationToken cancellationToken)
    {
        if (verify || !UploadState.Of(upload).IsCompared)
        {
            await CheckAsync(connection, store, upload, verify, cancellationToken);
        }

        return new CompletedUpload
        {
            BucketName = upload.BucketName,
            Key = upload.Key,
            UploadId = null,
            Outcome = UploadOutcome.Unchanged,
            BytesSent = 0,
            BytesReused = upload.Length,
            ETag = upload.ETag,
            VersionId = upload.VersionId,
            Size = upload.Length ?? 0,
            ChecksumAlgorithm = upload.ChecksumAlgorithm,
            ChecksumType = upload.ChecksumType,
            Checksum = upload.Checksum,
            Evidence = upload.Evidence ?? "",
            Encryption = upload.Encryption,
            KmsKeyId = upload.KmsKeyId,
            BucketKeyEnabled = upload.BucketKeyEnabled,
            PartCount = upload.ETag is { } etag ? ETags.PartCountOf(etag) ?? 0 : 0,
            LiteralPath = upload.LiteralPath,
        };
    }

    private static async Task CheckAsync(
        S3Connection connection, IObjectStore store, MultipartUpload upload, bool readsFile, CancellationToken cancellationToken)
    {
        string target = upload.ToString();
        CopySource source = CopySource.OfUpload(upload.BucketName, upload.Key, UploadState.Of(upload).CustomerKey);
        FoundObject found;
        try
        {
            found = await store.HeadObjectAsync(source, cancellationToken);
        }
        catch (S3ServiceException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            throw Failure.ObjectNotIdentical(target, "there is none");
        }

        if (found.Size != upload.Length || upload.ETag is not { } etag || !ETags.AreEqual(found.ETag, etag)
            || (upload.Checksum is { } checksum && found.Checksum is { } now && checksum != now))
        {
            throw Failure.ObjectNotIdentical(
                target,
                Failure.Invariant($"it has the ETag {found.ETag} and {found.Size:N0} bytes, not {upload.ETag} and {upload.Length:N0}"));
        }

        if (readsFile)
        {
            string path = upload.LiteralPath ?? throw Failure.VerifyNeedsFile(target);
            Comparison comparison = await ObjectComparison.Of(connection, store, source)
                .CompareAsync(found, path, upload.PartSize, cancellationToken);
            if (comparison.IsIdentical != true)
            {
                throw Failure.ObjectNotIdentical(target, comparison.Reason!);
            }
        }
    }

    private static MultipartUpload Make(S3Connection connection, FileOfObject file, FoundObject found, Evidence evidence)
    {
        UploadState state = new() { Connection = connection, CustomerKey = file.Object.CustomerKey, IsCompared = true };
        bool isByChecksum = evidence != Evidence.ETag;
        return state.AttachTo(new MultipartUpload
        {
            BucketName = file.Object.BucketName,
            Key = file.Object.Key,
            UploadId = null,
            IsUnchanged = true,
            Region = connection.Region,
            EndpointUrl = connection.EndpointUrl,
            ProfileName = connection.ProfileName,
            ETag = found.ETag,
            VersionId = found.VersionId,
            Evidence = evidence.ToString(),
            ChecksumAlgorithm = isByChecksum ? found.ChecksumAlgorithm : null,
            ChecksumType = isByChecksum ? ChecksumAlgorithms.TypeOf(found.Checksum) : null,
            Checksum = isByChecksum ? found.Checksum : null,
            StorageClass = found.Properties.StorageClass,
            Encryption = found.Encryption.Method,
            KmsKeyId = found.Encryption.KmsKeyId,
            BucketKeyEnabled = found.Encryption.BucketKeyEnabled,
            SseCustomerKeyMD5 = found.Encryption.CustomerKeyMD5,
            LiteralPath = file.Path,
            Length = found.Size,
            FileLastWriteTime = file.LastWriteTime,
            FileChangeTime = file.ChangeTime,
            PartSize = file.PartSize,
            NoClobber = file.NoClobber,
        });
    }

    /// <summary>A file, the object that may hold its bytes, and what the line that sends it has requested.</summary>
    private sealed record FileOfObject(CopySource Object, string Path)
    {
        internal DateTime? LastWriteTime { get; private init; }

        internal DateTime? ChangeTime { get; private init; }

        internal long? PartSize { get; private init; }

        internal bool NoClobber { get; private init; }

        internal static FileOfObject Of(CreateInput input) =>
            new(CopySource.OfUpload(input.BucketName, input.Key, input.Encryption.CustomerKey), input.FileName!)
            {
                LastWriteTime = input.Stamp?.LastWriteTime,
                ChangeTime = input.Stamp?.ChangeTime,
                PartSize = input.PartSize,
                NoClobber = input.NoClobber,
            };

        internal static FileOfObject Of(MultipartUpload upload) =>
            new(CopySource.OfUpload(upload.BucketName, upload.Key, UploadState.Of(upload).CustomerKey), upload.LiteralPath!)
            {
                LastWriteTime = upload.FileLastWriteTime,
                ChangeTime = upload.FileChangeTime,
                PartSize = upload.PartSize,
                NoClobber = upload.NoClobber,
            };
    }
}
