using S3Multipart.Sources;
using S3Multipart.Store;

namespace S3Multipart.Transfer;

/// <summary>Sends the parts of one upload and tells a sink of each: what files, streams and copies have in common.</summary>
internal sealed class PartTransfer(MultipartUpload upload, IObjectStore store, ITransferSink sink, bool sendContentMD5 = false)
{
    private readonly object _gate = new();
    private Task<string?>? _checksumAlgorithm;
    private int _failed;

    internal MultipartUpload Upload => upload;

    internal IObjectStore Store => store;

    internal bool HasFailed => Volatile.Read(ref _failed) != 0;

    internal Task SendAsync(int partNumber, PartBody body, int? partCount, CancellationToken cancellationToken) => RunAsync(
        partNumber,
        partCount,
        async () => await store.UploadPartAsync(
            new PartInput
            {
                Target = upload.Target,
                PartNumber = partNumber,
                Body = body,
                ChecksumAlgorithm = await ChecksumAlgorithmAsync(cancellationToken),
                SendContentMD5 = sendContentMD5,
                Sent = bytes => sink.Moved(upload, bytes),
            },
            cancellationToken),
        cancellationToken);

    internal Task CopyAsync(PartCopyInput input, int? partCount, CancellationToken cancellationToken) => RunAsync(
        input.PartNumber,
        partCount,
        async () =>
        {
            StoredPart stored = await store.UploadPartCopyAsync(input, cancellationToken);
            sink.Moved(upload, input.Size);
            return stored;
        },
        cancellationToken);

    /// <summary>Ends the upload's sending with a failure, unless it already has.</summary>
    internal void Fail(Exception failure, int? partNumber = null)
    {
        upload.Progress.Fail(failure);
        if (Interlocked.Exchange(ref _failed, 1) == 0)
        {
            sink.Failed(upload, failure, partNumber);
        }
    }

    /// <summary>
    /// The algorithm that the upload was created with, which every part must have. Where the upload object does not tell it, the list
    /// of parts does; that also finds an upload that is not there before any byte of it is sent.
    /// </summary>
    private Task<string?> ChecksumAlgorithmAsync(CancellationToken cancellationToken)
    {
        if (upload.IsChecksumKnown || upload.ChecksumAlgorithm is not null)
        {
            return Task.FromResult(upload.ChecksumAlgorithm);
        }

        lock (_gate)
        {
            return _checksumAlgorithm ??= AskAsync();
        }

        async Task<string?> AskAsync() => (await store.ListPartsAsync(upload.Target, marker: 0, cancellationToken)).ChecksumAlgorithm;
    }

    private async Task RunAsync(int partNumber, int? partCount, Func<Task<StoredPart>> send, CancellationToken cancellationToken)
    {
        if (HasFailed || cancellationToken.IsCancellationRequested)
        {
            return;
        }

        try
        {
            StoredPart stored = await send();
            sink.Stored(PartList.ToPart(upload, stored, partCount));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            upload.Progress.Fail(new OperationCanceledException("The upload was stopped."));
        }
        catch (Exception e)
        {
            Fail(e, partNumber);
        }
    }
}
