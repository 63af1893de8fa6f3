using System.Collections.Concurrent;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>The requests that begin an upload, or find the one to resume.</summary>
public sealed partial class NewS3MultipartUploadCommand
{
    private readonly ConcurrentDictionary<string, bool> _refused = new();
    private int _isUnencryptedReported;
    private int _isOtherClassReported;

    private async Task<MultipartUpload> BeginAsync(IUploadClient client, PendingUpload pending, CreateInput input, CancellationToken token)
    {
        // Inputs that waited in the queue are not tried either.
        Shared.ThrowIfKnown(input.BucketName);
        try
        {
            MultipartUpload upload = await FindOrCreateAsync(client, pending, input, token);
            Shared.Succeed(input.BucketName);
            return upload;
        }
        catch (S3MultipartException e)
        {
            Shared.Fail(input.BucketName, input.Key, e);
            throw;
        }
    }

    private async Task<MultipartUpload> FindOrCreateAsync(
        IUploadClient client, PendingUpload pending, CreateInput input, CancellationToken token)
    {
        ObjectSearch? there = Resume && input.Plan is not null ? await client.FindUnchangedAsync(input, token) : null;
        if (there is not null)
        {
            ReportObject(there, input);
            if (there.Unchanged is { } unchanged)
            {
                return unchanged;
            }
        }
        else if (NoClobber)
        {
            await client.CheckFreeAsync(input, token);
        }

        MultipartUpload upload = Resume ? await ResumeAsync(client, pending, input, token) : await CreateAsync(client, pending, input);
        if (there is { Refusal: { } refusal } && _refused.TryAdd(input.BucketName, true))
        {
            Warn($"The properties of objects in '{input.BucketName}' cannot be read, so every file is sent, also one that is there "
                + "already: " + refusal.Message);
        }

        return upload;
    }

    /// <summary>Reports why a file is sent though an object is there.</summary>
    private void ReportObject(ObjectSearch there, CreateInput input)
    {
        string target = S3Uri.Of(input.BucketName, input.Key);
        if (there.OtherStorageClass is { } actual)
        {
            string message = $"'{target}' is left in the storage class {actual}, though {StorageClass} was requested, because it holds the "
                + "bytes of its file.";
            if (Interlocked.Exchange(ref _isOtherClassReported, 1) == 0)
            {
                Warn(message + " So are the others, which -Verbose names.");
            }
            else
            {
                Log(message);
            }
        }

        if (there is { Unchanged: null, IsThere: true } && NoClobber)
        {
            throw Failure.ObjectExists(target, there.Reason);
        }

        if (there.IsOtherwise)
        {
            Warn($"'{target}' is sent though it has the size of '{input.FileName}': {there.Reason}.");
        }
        else if (there.Reason is not null)
        {
            Log($"'{target}' is not left as it is: {there.Reason}.");
        }
    }

    private async Task<MultipartUpload> ResumeAsync(IUploadClient client, PendingUpload pending, CreateInput input, CancellationToken token)
    {
        ResumeCandidates found = await client.FindToResumeAsync(input, token);
        string target = S3Uri.Of(input.BucketName, input.Key);
        if (found.Different > 0)
        {
            Warn(Failure.Invariant($"{found.Different} other upload(s) of '{target}' have another storage class or checksum ")
                + "and are left as they are, and billed: see Get-S3MultipartUpload -Key.");
        }

        if (found.Upload is null)
        {
            return await CreateAsync(client, pending, input);
        }

        if (found.Others > 0)
        {
            Warn(Failure.Invariant(
                $"{found.Others} other upload(s) of '{target}' of the same kind are left as they are, and billed: ")
                + "see Get-S3MultipartUpload -Key.");
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
