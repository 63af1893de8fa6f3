using S3Multipart.Core.Inputs;

namespace S3Multipart.Core.Engine;

/// <summary>
/// The operations on uploads over one connection, with the retries and the log of one cmdlet. Failures are
/// <see cref="S3MultipartException"/>s, or <see cref="OperationCanceledException"/> when the token was cancelled.
/// </summary>
internal interface IUploadClient
{
    /// <summary>Fails where an object has the key already.</summary>
    Task CheckFreeAsync(CreateInput input, CancellationToken cancellationToken);

    /// <summary>
    /// Checks whether the object that has the key holds just the bytes of the input's file, and is what was requested.
    /// </summary>
    Task<ObjectSearch> FindUnchangedAsync(CreateInput input, CancellationToken cancellationToken);

    /// <summary>Says of which keys below a prefix there is no object, for a run over many of them.</summary>
    IKeySearch SearchKeys(string bucketName, string? prefix);

    /// <summary>
    /// What sending a file would do, found without changing anything: where the object is not there, or not as the file is.
    /// </summary>
    /// <param name="input">The file, and what its object shall be.</param>
    /// <param name="isPut">True for a file that goes by one request.</param>
    /// <param name="cancellationToken">Cancels the requests and the reading.</param>
    Task<SendPlan> PlanAsync(CreateInput input, bool isPut, CancellationToken cancellationToken);

    /// <summary>
    /// Begins an upload. With -Resume, where several runs begin one for the same object at the same time, all keep the same one and abort
    /// only their own.
    /// </summary>
    Task<MultipartUpload> CreateAsync(CreateInput input, CancellationToken cancellationToken);

    /// <summary>Searches for an upload in progress that a new one would only repeat.</summary>
    Task<ResumeCandidates> FindToResumeAsync(CreateInput input, CancellationToken cancellationToken);

    /// <summary>
    /// The general purpose buckets that belong to the account, page after page. Fails with BucketsNotListable where they may not be listed.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<ListedBucket>> ListBucketsAsync(CancellationToken cancellationToken);

    /// <summary>The rules of a bucket that abort uploads; null where they may not be read, or the store has none to read.</summary>
    Task<AbortRules?> FindAbortRulesAsync(string bucketName, CancellationToken cancellationToken);

    IAsyncEnumerable<UploadListPage> ListUploadsAsync(UploadQuery query, CancellationToken cancellationToken);

    /// <summary>The same upload with all that ListParts gives of it.</summary>
    Task<MultipartUpload> AddPartsAsync(MultipartUpload upload, CancellationToken cancellationToken);

    /// <summary>Page after page, in the order of their numbers.</summary>
    IAsyncEnumerable<IReadOnlyList<UploadPart>> ListPartsAsync(MultipartUpload upload, CancellationToken cancellationToken);

    /// <param name="upload">The upload.</param>
    /// <param name="parts">The parts of the object; null to list them.</param>
    /// <param name="options">What else is known or requested.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    Task<CompletedUpload> CompleteAsync(
        MultipartUpload upload, IReadOnlyList<UploadPart>? parts, CompletionOptions options, CancellationToken cancellationToken);

    /// <param name="upload">The upload.</param>
    /// <param name="countParts">True to list first what will be freed.</param>
    /// <param name="ifInitiated">Only if the upload began then; directory buckets only.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    Task<StoppedUpload> AbortAsync(MultipartUpload upload, bool countParts, DateTime? ifInitiated, CancellationToken cancellationToken);

    /// <summary>Compares a file with an object. That there is none is a result, and no failure.</summary>
    Task<ComparedObject> CompareAsync(CompareInput input, CancellationToken cancellationToken);

    /// <summary>Aborts an upload that holds no parts.</summary>
    Task AbortEmptyAsync(MultipartUpload upload, CancellationToken cancellationToken);
}

/// <summary>A page of a list of uploads.</summary>
/// <param name="Uploads">The uploads.</param>
/// <param name="CommonPrefixes">What several keys begin with.</param>
/// <param name="IsPartial">True from a store that lists surely the uploads of an exact key alone, so that there may be more.</param>
internal sealed record UploadListPage(
    IReadOnlyList<MultipartUpload> Uploads, IReadOnlyList<CommonPrefix> CommonPrefixes, bool IsPartial = false);

/// <summary>What was found under the key of a file.</summary>
internal sealed record ObjectSearch
{
    /// <summary>The object, where it holds just the bytes of the file, as the output that stands for it (IsUnchanged); else null.</summary>
    internal MultipartUpload? Unchanged { get; init; }

    /// <summary>True where an object has the key.</summary>
    internal bool IsThere { get; init; }

    /// <summary>Why the file is sent, or what could not be compared; null where there is nothing to report.</summary>
    internal string? Reason { get; init; }

    /// <summary>True where the object has the size of the file, but other properties than those requested.</summary>
    internal bool IsOtherwise { get; init; }

    /// <summary>The storage class of an unchanged object, where another one was requested.</summary>
    internal string? OtherStorageClass { get; init; }

    /// <summary>The error where the object's properties may not be read; null where they may.</summary>
    internal S3ServiceException? Refusal { get; init; }
}

/// <summary>What was found to resume.</summary>
/// <param name="Upload">The upload to resume; null for none.</param>
/// <param name="Others">How many others of the same settings there are.</param>
/// <param name="Different">How many of other settings.</param>
internal sealed record ResumeCandidates(MultipartUpload? Upload, int Others, int Different);
