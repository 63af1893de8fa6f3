using S3Multipart.Store;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

/// <summary>The requests that begin an upload, or find the one to go on with.</summary>
public sealed partial class NewS3MultipartUploadCommand
{
    private int _isUnencryptedTold;

    private async Task<MultipartUpload> BeginAsync(
        IObjectStore store, Creation creation, CreateInput input, string? file, PartPlan? plan, CancellationToken token)
    {
        if (!Resume)
        {
            return await CreateAsync(store, creation, input, file, plan);
        }

        ResumeCandidates found = await ResumeSearch.FindAsync(store, input, token);
        string target = S3Uri.Of(input.BucketName, input.Key);
        if (found.Different > 0)
        {
            Warn(Failure.Invariant($"{found.Different} other upload(s) of '{target}' have another storage class or checksum ")
                + "and are left as they are, parts and bill: see Get-S3MultipartUpload -Key.");
        }

        if (found.Upload is not { } upload)
        {
            return await CreateAsync(store, creation, input, file, plan);
        }

        if (found.Older > 0)
        {
            Warn(Failure.Invariant(
                $"{found.Older} older upload(s) of '{target}' are left as they are, parts and bill: see Get-S3MultipartUpload -Key."));
        }

        return new MultipartUpload
        {
            BucketName = input.BucketName,
            Key = input.Key,
            UploadId = upload.UploadId,
            Region = creation.Connection.Region,
            EndpointUrl = creation.Connection.EndpointUrl,
            ProfileName = creation.Connection.ProfileName,
            Initiated = upload.Initiated,
            StorageClass = upload.StorageClass,
            Encryption = input.Encryption.CustomerKey is null ? null : Encryption.EncryptionInput.SseC,
            ChecksumAlgorithm = upload.ChecksumAlgorithm,
            ChecksumType = upload.ChecksumType,
            Owner = upload.Owner,
            Initiator = upload.Initiator,
            Resumed = true,
            AskedEncryption = (input.Encryption.Method ?? (object?)input.Encryption.CustomerKey) is null ? null : input.Encryption,
            LiteralPath = file,
            Length = plan?.Length,
            FileLastWriteTime = creation.Stamp?.LastWriteTime,
            FileChangeTime = creation.Stamp?.ChangeTime,
            PartSize = PartSize,
            Connection = creation.Connection,
            CustomerKey = input.Encryption.CustomerKey,
            Progress = new UploadProgress { Found = found.Parts },
        };
    }

    private void Warn(string text) => Pipeline.Post(() => WriteWarning(text));

    private async Task<MultipartUpload> CreateAsync(IObjectStore store, Creation creation, CreateInput input, string? file, PartPlan? plan)
    {
        UploadProgress progress = new();
        CreatedUpload created;
        try
        {
            creation.Request();
            created = await store.CreateMultipartUploadAsync(input, _cutoff.Token);
        }
        catch (S3ServiceException e)
        {
            throw ServiceAdvice.Advise(e, input.Encryption, BucketAddress.Parse(input.BucketName).Type);
        }

        if (input.Encryption.Method is { } asked
            && created.Encryption.Method is null
            && Interlocked.Exchange(ref _isUnencryptedTold, 1) == 0)
        {
            string target = S3Uri.Of(input.BucketName, input.Key);
            Warn($"The store does not say that it encrypts with {asked}: '{target}', and others, may be stored without it.");
        }

        return new MultipartUpload
        {
            BucketName = input.BucketName,
            Key = input.Key,
            UploadId = created.UploadId,
            Region = creation.Connection.Region,
            EndpointUrl = creation.Connection.EndpointUrl,
            ProfileName = creation.Connection.ProfileName,
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
            IsNew = true,
            LiteralPath = file,
            Length = plan?.Length,
            FileLastWriteTime = creation.Stamp?.LastWriteTime,
            FileChangeTime = creation.Stamp?.ChangeTime,
            PartSize = plan?.PartSize ?? PartSize,
            Connection = creation.Connection,
            CustomerKey = input.Encryption.CustomerKey,
            Progress = progress,
        };
    }
}
