using S3Multipart.Sources;
using S3Multipart.Store;

namespace S3Multipart.Transfer;

/// <summary>A file, or some of its parts, as one lane of the scheduler. The file is opened when its first part's turn comes.</summary>
internal sealed class FileTransfer
{
    private readonly TransferScheduler _scheduler;
    private readonly PartTransfer _transfer;
    private readonly string _path;
    private readonly IReadOnlyCollection<int>? _partNumbers;
    private readonly Lazy<FileSource> _file;
    private PartPlan _plan;
    private HeldParts? _held;
    private int _kept;
    private int _differing;

    /// <param name="scheduler">Where the parts take their turns.</param>
    /// <param name="transfer">The upload and its sink.</param>
    /// <param name="path">The file's full path.</param>
    /// <param name="plan">How the file is cut, unless parts that S3 holds say otherwise.</param>
    /// <param name="partNumbers">Which parts to send; null for all.</param>
    internal FileTransfer(TransferScheduler scheduler, PartTransfer transfer, string path, PartPlan plan,
        IReadOnlyCollection<int>? partNumbers)
    {
        _scheduler = scheduler;
        _transfer = transfer;
        _path = path;
        _plan = plan;
        _partNumbers = partNumbers;
        _file = new Lazy<FileSource>(OpenAsPlanned);
    }

    /// <summary>The state in which the file is to be; null where any will do that has the planned length.</summary>
    internal FileStamp? Expected { get; init; }

    /// <summary>The part size that the user asked for; null where it was chosen.</summary>
    internal long? AskedPartSize { get; init; }

    /// <summary>Begins. An upload that may have parts already is listed first.</summary>
    internal void Open()
    {
        bool isNew = _transfer.Upload.IsNew && !_transfer.Upload.Progress.HasBegun;
        _transfer.Upload.Progress.Begin(_plan.Count);
        if (isNew)
        {
            OpenLane();
        }
        else
        {
            _scheduler.Open(FindHeldAsync);
        }
    }

    private void OpenLane() => _scheduler.Open(Work(), Close);

    private async Task FindHeldAsync(CancellationToken cancellation)
    {
        try
        {
            _held = new HeldParts(await _transfer.ListAsync(cancellation));
            _plan = _held.Plan(_plan.Length, AskedPartSize);
            foreach (int number in (_partNumbers ?? []).Where(number => number > _plan.Count))
            {
                throw Failure.PartNumberNotInPlan(number, _plan.Count);
            }

            _transfer.Upload.Progress.Begin(_plan.Count);
            OpenLane();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _transfer.Upload.Progress.Stop();
        }
        catch (Exception e)
        {
            _transfer.Fail(e);
        }
    }

    private IEnumerable<TransferScheduler.Work> Work()
    {
        foreach (int number in _partNumbers ?? Enumerable.Range(1, _plan.Count))
        {
            if (_transfer.HasFailed)
            {
                yield break;
            }

            yield return cancellation => SendAsync(number, cancellation);
        }
    }

    private async Task SendAsync(int number, CancellationToken cancellation)
    {
        try
        {
            FileSource file = _file.Value;
            file.CheckUnchanged(number);
            PartBody body = file.Part(_plan, number);
            if (_held?.Find(_plan, number) is { } held && await HeldParts.IsSameAsync(body, held, cancellation))
            {
                file.CheckUnchanged(number);
                _ = Interlocked.Increment(ref _kept);
                await _transfer.KeepAsync(body, held, _plan.Count, isLast: number == _plan.Count, cancellation);
                return;
            }

            if (_held?.Has(number) == true)
            {
                _ = Interlocked.Increment(ref _differing);
            }

            await _transfer.SendAsync(number, body, _plan.Count, cancellation, () => file.CheckUnchanged(number));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _transfer.Upload.Progress.Stop();
        }
        catch (Exception e)
        {
            _transfer.Fail(e, number);
        }
    }

    private FileSource OpenAsPlanned()
    {
        FileSource file = FileSource.Open(_path);
        FileStamp planned = Expected ?? file.Stamp with { Length = _plan.Length };
        if (planned.DifferenceTo(file.Stamp) is not { } how)
        {
            return file;
        }

        file.Dispose();
        throw Failure.FileChanged(_path, 1, how);
    }

    private void Close()
    {
        if (_held is { Count: > 0 } && !_transfer.HasFailed)
        {
            _transfer.Resumed(new ResumeReport(_path, _plan, _kept, _differing, AskedPartSize));
        }

        if (_file.IsValueCreated)
        {
            _file.Value.Dispose();
        }
    }
}

/// <summary>How an upload was gone on with.</summary>
/// <param name="Path">The file.</param>
/// <param name="Plan">How it is cut.</param>
/// <param name="Kept">How many parts S3 held with just the file's bytes.</param>
/// <param name="Differing">How many it held with others, or with nothing to compare, which were sent again.</param>
/// <param name="AskedPartSize">The part size that the user asked for.</param>
internal sealed record ResumeReport(string Path, PartPlan Plan, int Kept, int Differing, long? AskedPartSize);
