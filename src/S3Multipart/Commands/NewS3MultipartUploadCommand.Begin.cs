using S3Multipart.Store;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

/// <summary>The requests that begin an upload, or find the one to go on with.</summary>
public sealed partial class NewS3MultipartUploadCommand
{
    private async Task<MultipartUpload> BeginAsync(
        IObjectStore store, S3Connection connection, CreateInput input, string? file, PartPlan? plan, CancellationToken token)
    {
        if (!Resume)
        {
            return await CreateAsync(store, connection, input, file, plan, token);
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
            return await CreateAsync(store, connection, input, file, plan, token);
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
            Region = connection.Region,
            EndpointUrl = connection.EndpointUrl,
            ProfileName = connection.ProfileName,
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
            PartSize = PartSize,
            Connection = connection,
            CustomerKey = input.Encryption.CustomerKey,
            Progress = new UploadProgress { Found = found.Parts },
        };
    }

    private void Warn(string text) => Pipeline.Post(() => WriteWarning(text));

    private async Task<MultipartUpload> CreateAsync(
        IObjectStore store, S3Connection connection, CreateInput input, string? file, PartPlan? plan, CancellationToken token)
    {
        UploadProgress progress = new();
        CreatedUpload created;
        try
        {
            created = await store.CreateMultipartUploadAsync(input, token);
        }
        catch (S3ServiceException e)
        {
            throw ServiceAdvice.Advise(e, input.Encryption, BucketAddress.Parse(input.BucketName).Type);
        }

        return new MultipartUpload
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
            IsNew = true,
            LiteralPath = file,
            Length = plan?.Length,
            PartSize = plan?.PartSize ?? PartSize,
            Connection = connection,
            CustomerKey = input.Encryption.CustomerKey,
            Progress = progress,
        };
    }
}
