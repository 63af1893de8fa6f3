using System.Collections.Concurrent;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>The requests that begin an upload, or find the one to resume.</summary>
public abstract partial class S3UploadCmdlet
{
    private readonly ConcurrentDictionary<string, bool> _refused = new();
    private readonly ConcurrentDictionary<string, IKeySearch> _searches = new(StringComparer.Ordinal);
    private int _isUnencryptedReported;
    private int _isOtherClassReported;

    /// <summary>
    /// Looks for the object of a file, by HEAD or by the list of keys, and reports what keeps it from being left as it is.
    /// </summary>
    private protected async Task<ObjectSearch> FindObjectAsync(
        IUploadClient client, CreateInput input, string? prefix, CancellationToken token)
    {
        IKeySearch search = _searches.GetOrAdd(input.BucketName, bucketName => client.SearchKeys(bucketName, prefix));
        ObjectSearch there = await search.MayExistAsync(input.Key, token)
            ? await client.FindUnchangedAsync(input, token) : new ObjectSearch();
        ReportObject(there, input);
        return there;
    }

    /// <summary>Warns once per bucket where objects may not be looked at.</summary>
    private protected void ReportRefusal(ObjectSearch there, CreateInput input)
    {
        if (there is { Refusal: { } refusal } && _refused.TryAdd(input.BucketName, true))
        {
            Warn($"The properties of objects in '{input.BucketName}' cannot be read, so every file is sent, also one that is there "
                + "already: " + refusal.Message);
        }
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

    private protected async Task<MultipartUpload> ResumeAsync(
        IUploadClient client, PendingUpload pending, CreateInput input, CancellationToken token)
    {
        ResumeCandidates found = await client.FindToResumeAsync(input, token);
        string target = S3Uri.Of(input.BucketName, input.Key);
        if (found.Different > 0)
        {
            Warn($"Left as it is, and billed: {Count.Of(found.Different, "other upload")} of '{target}' with another storage class or "
                + "checksum. See Get-S3MultipartUpload -Key.");
        }

        if (found.Upload is null)
        {
            return await CreateAsync(client, pending, input);
        }

        if (found.Others > 0)
        {
            Warn($"Left as it is, and billed: {Count.Of(found.Others, "other upload")} of '{target}' of the same kind. See "
                + "Get-S3MultipartUpload -Key.");
        }

        return found.Upload;
    }

    private protected async Task<MultipartUpload> CreateAsync(IUploadClient client, PendingUpload pending, CreateInput input)
    {
        pending.Request();
        MultipartUpload upload = await client.CreateAsync(input, _cutoff.Token);
        ReportEncryption(input, upload.Encryption);
        return upload;
    }

    /// <summary>Warns once where a store does not say that it encrypts as requested.</summary>
    private protected void ReportEncryption(CreateInput input, string? applied)
    {
        if (input.Encryption.Method is { } requested && applied is null && Interlocked.Exchange(ref _isUnencryptedReported, 1) == 0)
        {
            Warn($"The store does not say that it encrypts with {requested}: '{S3Uri.Of(input.BucketName, input.Key)}', and others, may "
                + "be stored without it.");
        }
    }
}
