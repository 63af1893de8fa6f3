using System.Net;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Objects;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Comparing;

/// <summary>The object of a file that need not be sent: looked for when a run begins again, and where it is to be completed.</summary>
internal static class UnchangedObject
{
    internal static async Task<ObjectSearch> FindAsync(
        S3Connection connection, IObjectStore store, CreateInput input, CancellationToken cancellationToken)
    {
        CopySource source = CopySource.OfUpload(input.BucketName, input.Key, input.Encryption.CustomerKey);
        FoundObject found;
        try
        {
            found = await store.HeadObjectAsync(source, cancellationToken);
        }
        catch (S3ServiceException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return new ObjectSearch();
        }
        catch (S3ServiceException e) when ((int)e.StatusCode is >= 400 and < 500 or 501)
        {
            bool isDenied = e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized;
            return new ObjectSearch { Refusal = isDenied ? e : null, Reason = "it could not be looked at: " + e.Message };
        }

        if (found.Size == input.Plan!.Value.Length && RequestedProperties.DifferenceOf(input, found) is { } difference)
        {
            return new ObjectSearch { IsThere = true, Reason = difference, IsOtherwise = true };
        }

        Comparison comparison = await new ObjectComparison(store, source, connection.EndpointUrl is not null)
            .CompareAsync(found, input.FileName!, input.PartSize, cancellationToken);
        return comparison.IsIdentical == true
            ? new ObjectSearch
            {
                IsThere = true,
                Unchanged = Make(connection, input, found, comparison.Evidence!),
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
        SseCustomerKey? customerKey = UploadState.Of(upload).CustomerKey;
        CopySource source = CopySource.OfUpload(upload.BucketName, upload.Key, customerKey);
        try
        {
            FoundObject found = await store.HeadObjectAsync(source, cancellationToken);
            Comparison comparison = await new ObjectComparison(store, source, connection.EndpointUrl is not null)
                .CompareAsync(found, upload.LiteralPath!, upload.PartSize, cancellationToken);
            return comparison.IsIdentical == true ? Make(connection, found, comparison.Evidence!, upload, customerKey) : null;
        }
        catch (S3MultipartException)
        {
            // That the upload is gone says more.
            return null;
        }
    }

    /// <summary>What Complete emits of it. An object that another process has compared is looked at again.</summary>
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
            Comparison comparison = await new ObjectComparison(store, source, connection.EndpointUrl is not null)
                .CompareAsync(found, path, upload.PartSize, cancellationToken);
            if (comparison.IsIdentical != true)
            {
                throw Failure.ObjectNotIdentical(target, comparison.Reason!);
            }
        }
    }

    private static MultipartUpload Make(S3Connection connection, CreateInput input, FoundObject found, Evidence evidence) => Make(
        connection,
        found,
        evidence,
        new MultipartUpload
        {
            BucketName = input.BucketName,
            Key = input.Key,
            UploadId = null,
            LiteralPath = input.FileName,
            FileLastWriteTime = input.Stamp?.LastWriteTime,
            FileChangeTime = input.Stamp?.ChangeTime,
            PartSize = input.PartSize,
            NoClobber = input.NoClobber,
        },
        input.Encryption.CustomerKey);

    private static MultipartUpload Make(
        S3Connection connection, FoundObject found, Evidence evidence, MultipartUpload of, SseCustomerKey? customerKey)
    {
        UploadState state = new() { Connection = connection, CustomerKey = customerKey, IsCompared = true };
        bool isByChecksum = evidence != Evidence.ETag;
        return state.AttachTo(new MultipartUpload
        {
            BucketName = of.BucketName,
            Key = of.Key,
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
            LiteralPath = of.LiteralPath,
            Length = found.Size,
            FileLastWriteTime = of.FileLastWriteTime,
            FileChangeTime = of.FileChangeTime,
            PartSize = of.PartSize,
            NoClobber = of.NoClobber,
        });
    }
}
