using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Scheduling;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Sending;

/// <summary>Sends the parts of one upload and reports each to a sink: what files, streams and copies have in common.</summary>
internal sealed class PartTransfer(
    MultipartUpload upload, IObjectStore store, ITransferSink sink, TransferScheduler scheduler, TransferOptions? options = null)
{
    private readonly UploadState _state = UploadState.Of(upload);
    private readonly PartOrigin _origin = new(upload, IsSelected: options?.IsSelection == true);
    private readonly TransferOptions _options = options ?? new();
    private readonly FailedTransfer _failure = new(upload, store, sink, scheduler, options?.AbortOnError == true);
    private readonly object _gate = new();
    private Task<List<StoredPart>>? _list;
    private string? _listedAlgorithm;
    private int _running;
    private int _isUnseenReported;
    private volatile bool _isProven;

    /// <summary>Bounds how fast bytes leave; shared by all uploads of a run.</summary>
    internal Bandwidth? Bandwidth { get; init; }

    /// <summary>Bounds what is read before it is sent; shared by all uploads of a run.</summary>
    internal ReadAheadLimit ReadAheadLimit { get; init; } = new(requests: 1);

    internal MultipartUpload Upload => upload;

    internal TransferState State => _state.Transfer;

    internal bool IsNew => _state.IsNew;

    internal bool IsShared => _state.IsShared;

    internal IObjectStore Store => store;

    internal TransferScheduler Scheduler => scheduler;

    internal bool HasFailed => _failure.HasFailed;

    /// <param name="partNumber">The part's number.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="partCount">How many parts there are, where that is known.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <param name="check">Called once the part is stored; throws if its source has changed.</param>
    internal Task SendAsync(
        int partNumber, PartBody body, int? partCount, CancellationToken cancellationToken, Action? check = null) => RunAsync(
        partNumber,
        partCount,
        async () =>
        {
            StoredPart stored = await UploadAsync(
                new PartInput
                {
                    Target = UploadTarget.Of(upload),
                    PartNumber = partNumber,
                    Body = body,
                    ChecksumAlgorithm = await ChecksumAlgorithmAsync(cancellationToken),
                    SendContentMD5 = _options.SendContentMD5,
                    Sent = bytes => sink.Moved(upload, bytes),
                    Bandwidth = Bandwidth,
                },
                cancellationToken);
            CheckEncryption(stored);
            check?.Invoke();
            return stored;
        },
        cancellationToken);

    private async Task<StoredPart> UploadAsync(PartInput input, CancellationToken cancellationToken)
    {
        bool lacksDigest = input is { SendContentMD5: false, ChecksumAlgorithm: null };
        if (!lacksDigest || _state.NeedsDigest)
        {
            return await store.UploadPartAsync(input with { SendContentMD5 = input.SendContentMD5 || lacksDigest }, cancellationToken);
        }

        try
        {
            return await store.UploadPartAsync(input, cancellationToken);
        }
        catch (S3ServiceException e) when (e.ErrorCode == "InvalidRequest" && e.Message.Contains("Content-MD5", StringComparison.Ordinal))
        {
            // The bucket locks its objects by default, or another program began the upload with a lock, which no list shows.
            _state.NeedsDigest = true;
            return await store.UploadPartAsync(input with { SendContentMD5 = true }, cancellationToken);
        }
    }

    internal Task CopyAsync(PartCopyInput input, int? partCount, CancellationToken cancellationToken) => RunAsync(
        input.PartNumber,
        partCount,
        async () =>
        {
            StoredPart stored = await store.UploadPartCopyAsync(input, cancellationToken);
            CheckEncryption(stored);
            sink.Moved(upload, input.Size);
            return stored;
        },
        cancellationToken);

    /// <summary>
    /// Reuses a part that S3 holds. Where an encryption was requested, the last part is sent nevertheless if no other was: only
    /// the response to a part shows how an upload is encrypted that another run began.
    /// </summary>
    internal Task ReuseAsync(PartBody body, StoredPart existing, int partCount, bool isLast, CancellationToken cancellationToken)
    {
        if (isLast && _state.RequestedEncryption is not null && !_isProven)
        {
            return SendAsync(existing.PartNumber, body, partCount, cancellationToken);
        }

        if (!HasFailed)
        {
            _state.Transfer.Reuse(existing.Size);
            // It was compared by its checksum, or else by its MD5.
            StoredPart same = existing with { IsMD5Compared = existing.Checksum is null };
            sink.Stored(PartList.ToPart(_origin, same, partCount, isResumed: true));
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends the upload's sending with a failure, unless it already has.</summary>
    internal void Fail(Exception failure, int? partNumber = null)
    {
        _state.Transfer.Fail(failure);
        bool isEnd;
        lock (_gate)
        {
            if (!_failure.TryTake(failure, partNumber))
            {
                return;
            }

            isEnd = _running == 0;
        }

        if (isEnd || !_options.AbortOnError)
        {
            _failure.Report();
        }
    }

    /// <summary>Reports a part that cannot be sent, which keeps no other from being sent.</summary>
    internal void Refuse(Exception failure) => sink.Failed(upload, failure, partNumber: null);

    internal void Resumed(ResumeReport report) => sink.Resumed(upload, report);

    /// <summary>All parts that S3 holds; also finds an upload that is not there before any byte of it is sent.</summary>
    internal Task<List<StoredPart>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _list ??= RequestAsync();
        }

        async Task<List<StoredPart>> RequestAsync()
        {
            if (_state.Transfer.ExistingParts is { } found)
            {
                _state.Transfer.ExistingParts = null;
                return [.. found];
            }

            PartListing listing = await ListNowAsync(cancellationToken);
            _listedAlgorithm = listing.ChecksumAlgorithm;
            return listing.Parts;
        }
    }

    /// <summary>All parts that S3 holds at this moment.</summary>
    internal Task<PartListing> ListNowAsync(CancellationToken cancellationToken) =>
        PartList.AllAsync(store, UploadTarget.Of(upload), cancellationToken);

    /// <summary>
    /// The algorithm that the upload was created with, which every part must have. Where the upload object does not name it, the list
    /// of parts does.
    /// </summary>
    private async ValueTask<string?> ChecksumAlgorithmAsync(CancellationToken cancellationToken)
    {
        if (!_state.IsNew && upload.ChecksumAlgorithm is null)
        {
            _ = await ListAsync(cancellationToken);
        }

        return upload.ChecksumAlgorithm ?? _listedAlgorithm;
    }

    private void CheckEncryption(StoredPart stored)
    {
        if (_state.RequestedEncryption is not null && stored.Encryption is null && Interlocked.Exchange(ref _isUnseenReported, 1) == 0)
        {
            sink.EncryptionUnseen(upload);
        }

        if (_state.RequestedEncryption is { CustomerKey: null, Method: { } requested }
            && stored.Encryption is { } applied && applied != requested)
        {
            throw Failure.ResumedEncryptionDiffers(upload.ToString(), requested, applied);
        }

        _isProven = true;
    }

    private async Task RunAsync(int partNumber, int? partCount, Func<Task<StoredPart>> send, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (HasFailed || cancellationToken.IsCancellationRequested)
            {
                return;
            }

            _running++;
        }

        try
        {
            StoredPart stored = await send();
            sink.Stored(PartList.ToPart(_origin, stored, partCount));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _state.Transfer.Stop();
        }
        catch (Exception e)
        {
            Fail(e, partNumber);
        }
        finally
        {
            bool isEnd;
            lock (_gate)
            {
                isEnd = --_running == 0 && HasFailed;
            }

            if (isEnd)
            {
                _failure.Report();
            }
        }
    }
}
