using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>The requests that begin an upload, or find the one to resume.</summary>
public sealed partial class NewS3MultipartUploadCommand
{
    private int _isUnencryptedReported;

    private async Task<MultipartUpload> BeginAsync(IUploadClient client, PendingUpload pending, CreateInput input, CancellationToken token)
    {
        if (NoClobber)
        {
            await client.CheckFreeAsync(input, token);
        }

        if (!Resume)
        {
            return await CreateAsync(client, pending, input);
        }

        ResumeCandidates found = await client.FindToResumeAsync(input, token);
        string target = S3Uri.Of(input.BucketName, input.Key);
        if (found.Different > 0)
        {
            Warn(Failure.Invariant($"{found.Different} other upload(s) of '{target}' have another storage class or checksum ")
                + "and are left as they are, parts and bill: see Get-S3MultipartUpload -Key.");
        }

        if (found.Upload is null)
        {
            return await CreateAsync(client, pending, input);
        }

        if (found.Older > 0)
        {
            Warn(Failure.Invariant(
                $"{found.Older} older upload(s) of '{target}' are left as they are, parts and bill: see Get-S3MultipartUpload -Key."));
        }

        return found.Upload;
    }

    private async Task<MultipartUpload> CreateAsync(IUploadClient client, PendingUpload pending, CreateInput input)
    {
        pending.Request();
        MultipartUpload upload = await client.CreateAsync(input, _cutoff.Token);
        if (input.Encryption.Method is { } requested
            && upload.Encryption is null
            && Interlocked.Exchange(ref _isUnencryptedReported, 1) == 0)
        {
            Warn($"The store does not say that it encrypts with {requested}: '{upload}', and others, may be stored without it.");
        }

        return upload;
    }
}
