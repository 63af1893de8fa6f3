using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Limits;
using S3Multipart.Core.Planning;
using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Scheduling;
using S3Multipart.Transfer.Sources;

namespace S3Multipart.Transfer.Sending;

/// <summary>A file, or some of its parts, as one lane of the scheduler. The file is opened when its first part's turn comes.</summary>
internal sealed class FileTransfer
{
    private readonly TransferScheduler _scheduler;
    private readonly PartTransfer _transfer;
    private readonly string _path;
    private readonly IReadOnlyCollection<int>? _partNumbers;
    private readonly Lazy<FileSource> _file;
    private PartPlan _plan;
    private ExistingParts? _existing;
    private int[] _order = [];
    private FileReadAhead? _readAhead;
    private int _toSend;
    private int _nextList;
    private int _begun;
    private bool _isResumed;
    private int _reused;
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

    /// <summary>The part size that the user requested; null where it was chosen.</summary>
    internal long? RequestedPartSize { get; init; }

    /// <summary>
    /// How many pages of the list are read again while so many parts are sent to an upload that other runs may send to as well.
    /// </summary>
    /// <param name="toSend">How many parts are sent.</param>
    /// <param name="existing">How many S3 holds already.</param>
    internal static int PagesAmong(int toSend, int existing)
    {
        int pages = 0;
        for (int begun = toSend / 2; toSend - begun >= 2; begun = NextList(begun, toSend))
        {
            pages += (existing + begun + S3Limits.PartsOfPage - 1) / S3Limits.PartsOfPage;
        }

        return pages;
    }

    /// <summary>Begins. An upload that may have parts already is listed first.</summary>
    internal void Open()
    {
        bool isNew = _transfer.IsNew && !_transfer.State.HasBegun;
        _transfer.State.Begin(_plan.Count);
        if (isNew)
        {
            OpenLane();
        }
        else
        {
            _scheduler.Open(FindExistingAsync);
        }
    }

    private void OpenLane()
    {
        bool isShared = _transfer.IsShared && _partNumbers is null;
        _order = [.. _partNumbers ?? Enumerable.Range(1, _plan.Count)];
        if (isShared && !_transfer.IsNew)
        {
            // Of two runs of the same line that send to one upload, the one that did not begin it sends from the end, so that they meet.
            Array.Reverse(_order);
        }

        _isResumed = _existing is { Count: > 0 };
        _toSend = _order.Count(number => FindExisting(number) is null);
        _nextList = isShared ? _toSend / 2 : int.MaxValue;
        _readAhead = new FileReadAhead(_order, number => FindExisting(number) is null ? OpenPart(number) : null, _transfer.ReadAheadLimit);
        _scheduler.Open(Work(), Close);
    }

    private async Task FindExistingAsync(CancellationToken cancellation)
    {
        try
        {
            _existing = new ExistingParts(await _transfer.ListAsync(cancellation));
            _plan = _existing.Plan(_plan.Length, RequestedPartSize);
            foreach (int number in (_partNumbers ?? []).Where(number => number > _plan.Count))
            {
                throw SourceFailure.PartNumberNotInPlan(number, _plan.Count);
            }

            _transfer.State.Begin(_plan.Count);
            OpenLane();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _transfer.State.Stop();
        }
        catch (Exception e)
        {
            _transfer.Fail(e);
        }
    }

    private IEnumerable<TransferScheduler.Work> Work()
    {
        for (int i = 0; i < _order.Length; i++)
        {
            if (_transfer.HasFailed)
            {
                yield break;
            }

            int place = i;
            yield return cancellation => SendAsync(place, cancellation);
        }
    }

    private async Task SendAsync(int place, CancellationToken cancellation)
    {
        int number = _order[place];
        try
        {
            PartBody? readAhead = _readAhead!.Take(place);
            FileSource file = _file.Value;
            file.CheckUnchanged(number);
            PartBody body = readAhead ?? OpenPart(number);
            if (FindExisting(number) is null)
            {
                await ListAgainAsync(cancellation);
            }

            if (FindExisting(number) is { } existing && await ExistingParts.IsSameAsync(body, existing, cancellation))
            {
                file.CheckUnchanged(number);
                _ = Interlocked.Increment(ref _reused);
                await _transfer.ReuseAsync(body, existing, _plan.Count, isLast: number == _order[^1], cancellation);
                return;
            }

            if (_existing?.Has(number) == true)
            {
                _ = Interlocked.Increment(ref _differing);
            }

            await _transfer.SendAsync(number, body, _plan.Count, cancellation, () => file.CheckUnchanged(number));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _transfer.State.Stop();
        }
        catch (Exception e)
        {
            _transfer.Fail(e, number);
        }
    }

    /// <summary>
    /// Looks what another run of the same line has sent meanwhile: when half of what was to be sent is, and each time when half of the rest
    /// is, so that few lists find where the two meet.
    /// </summary>
    private async Task ListAgainAsync(CancellationToken cancellation)
    {
        lock (_order)
        {
            int begun = _begun++;
            if (begun < _nextList || _toSend - begun < 2)
            {
                return;
            }

            _nextList = NextList(begun, _toSend);
        }

        _existing = new ExistingParts((await _transfer.ListNowAsync(cancellation)).Parts);
    }

    private static int NextList(int begun, int toSend) => begun + Math.Max((toSend - begun) / 2, 1);

    private StoredPart? FindExisting(int number) => _existing?.Find(_plan, number);

    private PartBody OpenPart(int number) => _file.Value.Part(_plan, number, _readAhead!.Continue);

    private FileSource OpenAsPlanned()
    {
        FileSource file = FileSource.Open(_path);
        FileStamp planned = Expected ?? file.Stamp with { Length = _plan.Length };
        if (planned.DifferenceTo(file.Stamp) is not { } how)
        {
            return file;
        }

        file.Dispose();
        throw SourceFailure.FileChanged(_path, 1, how);
    }

    private void Close()
    {
        _readAhead?.End();
        if ((_isResumed || _reused > 0) && !_transfer.HasFailed)
        {
            _transfer.Resumed(new ResumeReport(_path, _plan, _reused, _differing, RequestedPartSize));
        }

        if (_file.IsValueCreated)
        {
            _file.Value.Dispose();
        }
    }
}
