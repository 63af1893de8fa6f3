using System.Runtime.CompilerServices;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Comparing;
using S3Multipart.Transfer.Ending;
using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Sending;
using S3Multipart.Transfer.Starting;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer;

/// <summary>The operations on uploads, made of those of the store.</summary>
internal sealed class UploadClient(S3Connection connection, IObjectStore store) : IUploadClient
{
    /// <summary>How often an upload is completed whose parts another run replaces meanwhile.</summary>
    private const int MostCompletions = 5;

    internal IObjectStore Store => store;

    public Task CheckFreeAsync(CreateInput input, CancellationToken cancellationToken) =>
        Creation.CheckFreeAsync(store, input, cancellationToken);

    public Task<ObjectSearch> FindUnchangedAsync(CreateInput input, CancellationToken cancellationToken) =>
        UnchangedObject.FindAsync(connection, store, input, cancellationToken);

    public IKeySearch SearchKeys(string bucketName, string? prefix) =>
        new KeySearch(store, bucketName, UploadQuery.PrefixOf(BucketAddress.Parse(bucketName), prefix ?? ""));

    public Task<SendPlan> PlanAsync(CreateInput input, bool isPut, CancellationToken cancellationToken) =>
        Planning.RunAsync(store, input, isPut, looksFirst: connection.EndpointUrl is not null, cancellationToken);

    internal Task<CompletedUpload> PutAsync(
        CreateInput input, PutOptions options, Bandwidth? bandwidth, CancellationToken cancellationToken) =>
        ObjectPut.RunAsync(connection, store, input, options, bandwidth, cancellationToken);

    public async Task<MultipartUpload> CreateAsync(CreateInput input, CancellationToken cancellationToken)
    {
        MultipartUpload created = await Creation.RunAsync(connection, store, input, cancellationToken);
        return input.IsResume ? await Creation.SettleAsync(connection, store, input, created, cancellationToken) : created;
    }

    public async Task<ResumeCandidates> FindToResumeAsync(CreateInput input, CancellationToken cancellationToken)
    {
        FoundUploads found = await ResumeSearch.FindAsync(store, input, cancellationToken);
        MultipartUpload? upload = found.Upload is { } oldest ? Creation.Resume(connection, input, oldest, found.Parts) : null;
        return new ResumeCandidates(upload, found.Others, found.Different);
    }

    public IAsyncEnumerable<IReadOnlyList<ListedBucket>> ListBucketsAsync(CancellationToken cancellationToken) =>
        BucketList.PagesAsync(store, cancellationToken);

    public Task<AbortRules?> FindAbortRulesAsync(string bucketName, CancellationToken cancellationToken) =>
        BucketList.FindAbortRulesAsync(store, bucketName, cancellationToken);

    public async IAsyncEnumerable<UploadListPage> ListUploadsAsync(
        UploadQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (UploadPage page in UploadList.PagesAsync(store, query, cancellationToken))
        {
            yield return new UploadListPage(
                [.. page.Uploads.Select(listed => UploadList.ToUpload(connection, query.BucketName, listed, page.RequestCharged))],
                [.. page.CommonPrefixes.Select(prefix => new CommonPrefix { BucketName = query.BucketName, Prefix = prefix })],
                page.IsPartial);
        }
    }

    public Task<MultipartUpload> AddPartsAsync(MultipartUpload upload, CancellationToken cancellationToken) =>
        UploadList.WithPartsAsync(store, upload, cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<UploadPart>> ListPartsAsync(
        MultipartUpload upload, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PartOrigin origin = new(upload, IsListed: true);
        await foreach (PartPage page in PartList.PagesAsync(store, UploadTarget.Of(upload), cancellationToken))
        {
            yield return [.. page.Parts.Select(part => PartList.ToPart(origin, part, page: page))];
        }
    }

    public Task<ComparedObject> CompareAsync(CompareInput input, CancellationToken cancellationToken) =>
        FileComparison.RunAsync(connection, store, input, cancellationToken);

    public async Task<CompletedUpload> CompleteAsync(
        MultipartUpload upload, IReadOnlyList<UploadPart>? parts, CompletionOptions options, CancellationToken cancellationToken) =>
        CompletedOrigin.Attach(upload, await RunCompletionAsync(upload, parts, options, cancellationToken));

    private async Task<CompletedUpload> RunCompletionAsync(
        MultipartUpload upload, IReadOnlyList<UploadPart>? parts, CompletionOptions options, CancellationToken cancellationToken)
    {
        if (upload.IsUnchanged)
        {
            return await UnchangedObject.CompleteAsync(connection, store, upload, options.Verify, cancellationToken);
        }

        bool isShared = UploadState.Of(upload).IsShared && upload.LiteralPath is not null;
        try
        {
            return isShared && parts is not null
                ? await CompleteSharedAsync(upload, parts, options, cancellationToken)
                : await CompleteUploadAsync(upload, parts, options, cancellationToken);
        }
        catch (NoSuchUploadException) when (isShared)
        {
            // Another run of the same line may have completed it.
            MultipartUpload? unchanged = await UnchangedObject.FindAsync(connection, store, upload, cancellationToken);
            if (unchanged is null)
            {
                throw;
            }

            return await UnchangedObject.CompleteAsync(connection, store, unchanged, verify: false, cancellationToken);
        }
    }

    /// <summary>
    /// Completes an upload that other runs send to as well. A part that one of them has sent again may have another ETag; with
    /// the same bytes it is used.
    /// </summary>
    private async Task<CompletedUpload> CompleteSharedAsync(
        MultipartUpload upload, IReadOnlyList<UploadPart> parts, CompletionOptions options, CancellationToken cancellationToken)
    {
        StoredPart[] own = [.. parts.Select(PartList.ToStored)];
        IReadOnlyList<StoredPart> current = own;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await Completion.RunAsync(store, upload, current, options, cancellationToken);
            }
            catch (S3ServiceException e) when (e.ErrorCode == "InvalidPart" && attempt < MostCompletions)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 << attempt), cancellationToken);
                PartListing listing = await PartList.AllAsync(store, UploadTarget.Of(upload), cancellationToken);
                if (!PartList.AreSame(own, listing.Parts))
                {
                    throw;
                }

                current = listing.Parts;
                options = options with { ListedChecksumType = listing.ChecksumType };
            }
        }
    }

    private async Task<CompletedUpload> CompleteUploadAsync(
        MultipartUpload upload, IReadOnlyList<UploadPart>? parts, CompletionOptions options, CancellationToken cancellationToken)
    {
        if (parts is not null)
        {
            return await Completion.RunAsync(store, upload, parts.Select(PartList.ToStored), options, cancellationToken);
        }

        PartListing listing = await PartList.AllAsync(store, UploadTarget.Of(upload), cancellationToken);
        options = options with { ListedChecksumType = listing.ChecksumType };
        return await Completion.RunAsync(store, upload, listing.Parts, options, cancellationToken);
    }

    public Task<StoppedUpload> AbortAsync(
        MultipartUpload upload, bool countParts, DateTime? ifInitiated, CancellationToken cancellationToken) =>
        Abortion.RunAsync(store, upload, countParts, ifInitiated, cancellationToken);

    public Task AbortEmptyAsync(MultipartUpload upload, CancellationToken cancellationToken) =>
        store.AbortMultipartUploadAsync(UploadTarget.Of(upload), ifInitiated: null, cancellationToken);
}
