using S3Multipart.Sources;
using S3Multipart.Store;

namespace S3Multipart.Transfer;

/// <summary>Sends the parts of one upload and tells a sink of each: what files, streams and copies have in common.</summary>
internal sealed class PartTransfer(MultipartUpload upload, IObjectStore store, ITransferSink sink, TransferScheduler scheduler)
{
    private readonly object _gate = new();
    private Task<List<StoredPart>>? _list;
    private string? _listedAlgorithm;
    private Exception? _failure;
    private int? _failedPart;
    private int _running;
    private bool _isTold;
    private int _isUnseenTold;
    private volatile bool _isProven;

    /// <summary>Sends the MD5 of each part too.</summary>
    internal bool SendContentMD5 { get; init; }

    /// <summary>Aborts the upload when it has failed, after its last request has ended.</summary>
    internal bool StopOnError { get; init; }

    /// <summary>Bounds how fast bytes leave; shared by all uploads of a run.</summary>
    internal Bandwidth? Bandwidth { get; init; }

    /// <summary>True when the user named the parts by their numbers.</summary>
    internal bool IsSelection { get; init; }

    internal MultipartUpload Upload => upload;

    internal IObjectStore Store => store;

    internal bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <param name="partNumber">The part's number.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="partCount">How many parts there are, where that is known.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <param name="check">Called once the part is stored; throws if its source was not what it seemed.</param>
    internal Task SendAsync(
        int partNumber, PartBody body, int? partCount, CancellationToken cancellationToken, Action? check = null) => RunAsync(
        partNumber,
        partCount,
        async () =>
        {
            StoredPart stored = await store.UploadPartAsync(
                new PartInput
                {
                    Target = upload.Target,
                    PartNumber = partNumber,
                    Body = body,
                    ChecksumAlgorithm = await ChecksumAlgorithmAsync(cancellationToken),
                    SendContentMD5 = SendContentMD5,
                    Sent = bytes => sink.Moved(upload, bytes),
                    Bandwidth = Bandwidth,
                },
                cancellationToken);
            CheckEncryption(stored);
            check?.Invoke();
            return stored;
        },
        cancellationToken);

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
    /// Takes a part that S3 holds for sent. Where an encryption was asked for, the last part is sent nevertheless if no other was: only
    /// the answer to a part tells how an upload is encrypted that another run began.
    /// </summary>
    internal Task KeepAsync(PartBody body, StoredPart held, int partCount, bool isLast, CancellationToken cancellationToken)
    {
        if (isLast && upload.AskedEncryption is not null && !_isProven)
        {
            return SendAsync(held.PartNumber, body, partCount, cancellationToken);
        }

        if (!HasFailed)
        {
            upload.Progress.Keep(held.Size);
            // It was compared by its checksum, or else by its MD5.
            StoredPart same = held with { IsMD5Compared = held.Checksum is null };
            sink.Stored(PartList.ToPart(upload, same, partCount, isResumed: true, isSelected: IsSelection));
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends the upload's sending with a failure, unless it already has.</summary>
    internal void Fail(Exception failure, int? partNumber = null)
    {
        upload.Progress.Fail(failure);
        bool isEnd;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            _failedPart = partNumber;
            Volatile.Write(ref _failure, failure);
            isEnd = _running == 0;
        }

        if (isEnd || !StopOnError)
        {
            Tell();
        }
    }

    internal void Resumed(ResumeReport report) => sink.Resumed(upload, report);

    /// <summary>All parts that S3 holds; also finds an upload that is not there before any byte of it is sent.</summary>
    internal Task<List<StoredPart>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _list ??= AskAsync();
        }

        async Task<List<StoredPart>> AskAsync()
        {
            if (upload.Progress.Found is { } found)
            {
                upload.Progress.Found = null;
                return [.. found];
            }

            List<StoredPart> parts = [];
            await foreach (PartPage page in PartList.PagesAsync(store, upload.Target, cancellationToken))
            {
                _listedAlgorithm ??= page.ChecksumAlgorithm;
                parts.AddRange(page.Parts);
            }

            return parts;
        }
    }

    /// <summary>
    /// The algorithm that the upload was created with, which every part must have. Where the upload object does not tell it, the list
    /// of parts does.
    /// </summary>
    private async ValueTask<string?> ChecksumAlgorithmAsync(CancellationToken cancellationToken)
    {
        if (!upload.IsNew && upload.ChecksumAlgorithm is null)
        {
            _ = await ListAsync(cancellationToken);
        }

        return upload.ChecksumAlgorithm ?? _listedAlgorithm;
    }

    private void CheckEncryption(StoredPart stored)
    {
        if (upload.AskedEncryption is not null && stored.Encryption is null && Interlocked.Exchange(ref _isUnseenTold, 1) == 0)
        {
            sink.EncryptionUnseen(upload);
        }

        if (upload.AskedEncryption is { CustomerKey: null, Method: { } asked } && stored.Encryption is { } applied && applied != asked)
        {
            throw Failure.ResumedEncryptionDiffers(upload.ToString(), asked, applied);
        }

        _isProven = true;
    }

    private async Task RunAsync(int partNumber, int? partCount, Func<Task<StoredPart>> send, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_failure is not null || cancellationToken.IsCancellationRequested)
            {
                return;
            }

            _running++;
        }

        try
        {
            StoredPart stored = await send();
            sink.Stored(PartList.ToPart(upload, stored, partCount, isSelected: IsSelection));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            upload.Progress.Stop();
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
                isEnd = --_running == 0 && _failure is not null;
            }

            if (isEnd)
            {
                Tell();
            }
        }
    }

    /// <summary>Tells of the failure once; before that, stops the upload if that was asked for.</summary>
    private void Tell()
    {
        lock (_gate)
        {
            if (_isTold)
            {
                return;
            }

            _isTold = true;
        }

        if (StopOnError && _failure is not NoSuchUploadException)
        {
            scheduler.Open(StopAsync);
        }
        else
        {
            sink.Failed(upload, _failure!, _failedPart);
        }
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await Abortion.RunAsync(store, upload, countParts: false, ifInitiated: null, cancellationToken);
            upload.Progress.IsStopped = true;
            sink.Failed(upload, _failure!, _failedPart);
        }
        catch (Exception e)
        {
            sink.Failed(upload, _failure!, _failedPart);
            if (e is not OperationCanceledException)
            {
                sink.Failed(upload, Failure.UploadNotStopped(upload.ToString(), e), null);
            }
        }
    }
}
