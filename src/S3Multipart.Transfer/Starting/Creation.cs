using S3Multipart.Core.Buckets;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Starting;

/// <summary>Makes the object of an upload that was created or is resumed.</summary>
internal static class Creation
{
    internal static async Task<MultipartUpload> RunAsync(
        S3Connection connection, IObjectStore store, CreateInput input, CancellationToken cancellationToken)
    {
        UploadState state = new()
        {
            Connection = connection,
            CustomerKey = input.Encryption.CustomerKey,
            IsNew = true,
            NeedsDigest = input.Object.HasObjectLock,
            IsShared = input.IsResume,
        };
        CreatedUpload created;
        try
        {
            created = await store.CreateMultipartUploadAsync(input, cancellationToken);
        }
        catch (S3ServiceException e)
        {
            Exception advised = StorageClasses.Advise(e, input.Object.StorageClass);
            throw EncryptionAdvice.Advise(advised, input.Encryption, BucketAddress.Parse(input.BucketName).Type, isBegun: false);
        }

        return state.AttachTo(new MultipartUpload
        {
            BucketName = input.BucketName,
            Key = input.Key,
            UploadId = created.UploadId,
            Region = connection.Region,
            EndpointUrl = connection.EndpointUrl,
            ProfileName = connection.ProfileName,
            Initiated = DateTime.UtcNow,
            AbortDate = created.AbortDate,
            AbortRuleId = created.AbortRuleId,
            StorageClass = input.Object.StorageClass,
            Encryption = created.Encryption.Method,
            KmsKeyId = created.Encryption.KmsKeyId,
            KmsEncryptionContext = created.Encryption.KmsContext,
            BucketKeyEnabled = created.Encryption.BucketKeyEnabled,
            SseCustomerKeyMD5 = created.Encryption.CustomerKeyMD5,
            RequestCharged = created.RequestCharged,
            ChecksumAlgorithm = created.ChecksumAlgorithm,
            ChecksumType = created.ChecksumType,
            LiteralPath = input.FileName,
            Length = input.Plan?.Length,
            FileLastWriteTime = input.Stamp?.LastWriteTime,
            FileChangeTime = input.Stamp?.ChangeTime,
            PartSize = input.Plan?.PartSize ?? input.PartSize,
            NoClobber = input.NoClobber,
        });
    }

    /// <summary>
    /// The upload to continue with where another run may have begun one at the same time: the first by the list. If this run has begun
    /// another, it aborts that, and no other run's. Where that fails, it keeps its own, so that no upload is left over unreported.
    /// </summary>
    internal static async Task<MultipartUpload> SettleAsync(
        S3Connection connection, IObjectStore store, CreateInput input, MultipartUpload created, CancellationToken cancellationToken)
    {
        try
        {
            ListedUpload? first = await ResumeSearch.FirstAsync(store, input, cancellationToken);
            if (first is null || first.UploadId == created.UploadId)
            {
                return created;
            }

            // The list may still show an upload that was completed or stopped.
            UploadTarget target = new(input.BucketName, input.Key, first.UploadId) { CustomerKey = input.Encryption.CustomerKey };
            PartListing listing = await PartList.AllAsync(store, target, cancellationToken);
            _ = await store.AbortMultipartUploadAsync(UploadTarget.Of(created), ifInitiated: null, cancellationToken);
            return Resume(connection, input, first, listing.Parts);
        }
        catch (Exception e) when (e is S3MultipartException or OperationCanceledException)
        {
            return created;
        }
    }

    /// <summary>
    /// Fails where an object has the key, so that nothing is sent for one that would be refused at the end. A caller that may write
    /// need not be allowed to read properties; then the store decides at the completion.
    /// </summary>
    internal static async Task CheckFreeAsync(IObjectStore store, CreateInput input, CancellationToken cancellationToken)
    {
        try
        {
            _ = await store.HeadObjectAsync(
                CopySource.OfUpload(input.BucketName, input.Key, input.Encryption.CustomerKey), cancellationToken);
        }
        catch (S3ServiceException)
        {
            return;
        }

        throw Failure.ObjectExists(S3Uri.Of(input.BucketName, input.Key));
    }

    internal static MultipartUpload Resume(S3Connection connection, CreateInput input, ListedUpload listed, IReadOnlyList<StoredPart> parts)
    {
        EncryptionInput encryption = input.Encryption;
        UploadState state = new()
        {
            Connection = connection,
            CustomerKey = encryption.CustomerKey,
            NeedsDigest = input.Object.HasObjectLock,
            RequestedEncryption = encryption.Method is null && encryption.CustomerKey is null ? null : encryption,
            IsShared = true,
            Transfer = new TransferState { ExistingParts = parts },
        };
        return state.AttachTo(new MultipartUpload
        {
            BucketName = input.BucketName,
            Key = input.Key,
            UploadId = listed.UploadId,
            Region = connection.Region,
            EndpointUrl = connection.EndpointUrl,
            ProfileName = connection.ProfileName,
            Initiated = listed.Initiated,
            StorageClass = listed.StorageClass,
            Encryption = encryption.CustomerKey is null ? null : EncryptionInput.SseC,
            ChecksumAlgorithm = listed.ChecksumAlgorithm,
            ChecksumType = listed.ChecksumType,
            Owner = listed.Owner?.Name,
            OwnerId = listed.Owner?.Id,
            Initiator = listed.Initiator?.Name,
            InitiatorId = listed.Initiator?.Id,
            Resumed = true,
            LiteralPath = input.FileName,
            Length = input.Plan?.Length,
            FileLastWriteTime = input.Stamp?.LastWriteTime,
            FileChangeTime = input.Stamp?.ChangeTime,
            PartSize = input.PartSize,
            NoClobber = input.NoClobber,
        });
    }
}
