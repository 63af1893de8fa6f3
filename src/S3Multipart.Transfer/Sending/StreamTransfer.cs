using System.Collections.Concurrent;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Limits;
using S3Multipart.Transfer.Scheduling;
using S3Multipart.Transfer.Sources;

namespace S3Multipart.Transfer.Sending;

/// <summary>
/// Cuts bytes of unknown number into parts. One buffer fills while at most as many as there are requests in flight are being sent. A
/// full buffer waits for the byte after it, so that the last part knows that it is the last.
/// </summary>
internal sealed class StreamTransfer : IByteInput
{
    private readonly TransferScheduler _scheduler;
    private readonly PartTransfer _transfer;
    private readonly int _partSize;
    private readonly ConcurrentBag<byte[]> _spare = [];
    private readonly SemaphoreSlim _free;
    private byte[]? _buffer;
    private int _filled;
    private int _parts;

    /// <param name="scheduler">Where the parts take their turns.</param>
    /// <param name="transfer">The upload and its sink.</param>
    /// <param name="partSize">The size of each part but the last.</param>
    /// <param name="inFlight">The most parts in flight; one more buffer than that is used.</param>
    internal StreamTransfer(TransferScheduler scheduler, PartTransfer transfer, long partSize, int inFlight)
    {
        _scheduler = scheduler;
        _transfer = transfer;
        _partSize = (int)Math.Min(partSize, Array.MaxLength);
        _free = new SemaphoreSlim(inFlight + 1);
        transfer.State.Begin(partCount: null);
    }

    /// <summary>False while all buffers are being sent.</summary>
    public bool CanWrite => !NeedsBuffer || _free.CurrentCount > 0 || _transfer.HasFailed;

    private bool NeedsBuffer => _buffer is null || _filled == _partSize;

    /// <summary>Takes as many bytes as there is room for now; fewer than given means that all buffers are being sent.</summary>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (taken < bytes.Length)
        {
            if (_transfer.HasFailed)
            {
                return bytes.Length;
            }

            if (NeedsBuffer)
            {
                if (!_free.Wait(0))
                {
                    break;
                }

                Fill(TakeBuffer());
            }

            int count = Math.Min(bytes.Length - taken, _partSize - _filled);
            bytes.Slice(taken, count).CopyTo(_buffer.AsSpan(_filled));
            _filled += count;
            taken += count;
        }

        return taken;
    }

    /// <summary>Reads a stream to its end.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellation)
    {
        while (!_transfer.HasFailed)
        {
            bool isNew = NeedsBuffer;
            if (isNew)
            {
                await _free.WaitAsync(cancellation);
            }

            byte[] buffer = isNew ? TakeBuffer() : _buffer!;
            int start = isNew ? 0 : _filled;

            // Reading from a console or a pipe cannot be cancelled, only waited for no longer.
            int count = await stream.ReadAsync(buffer.AsMemory(start), cancellation).AsTask().WaitAsync(cancellation);
            if (count == 0)
            {
                End();
                return;
            }

            if (isNew)
            {
                Fill(buffer);
            }

            _filled = start + count;
        }
    }

    /// <summary>Sends what is left as the last part; an empty input makes one empty part.</summary>
    public void End()
    {
        if (_transfer.HasFailed)
        {
            return;
        }

        _transfer.State.End(_parts + 1);
        Send(partCount: _parts + 1);
    }

    public void Dispose() => _free.Dispose();

    private byte[] TakeBuffer() => _spare.TryTake(out byte[]? spare) ? spare : GC.AllocateUninitializedArray<byte>(_partSize);

    /// <summary>Sends the buffer that is full, now that there is a byte after it, and continues in another.</summary>
    private void Fill(byte[] next)
    {
        if (_buffer is not null)
        {
            Send(partCount: null);
        }

        _buffer = next;
        _filled = 0;
    }

    private void Send(int? partCount)
    {
        byte[] buffer = _buffer ?? [];
        int number = ++_parts;
        if (number > S3Limits.MaxParts)
        {
            _transfer.Fail(SourceFailure.StreamTooLong(_partSize), number);
            return;
        }

        BufferPartBody body = new(buffer.AsMemory(0, _filled));
        _scheduler.Open([cancellation => _transfer.SendAsync(number, body, partCount, cancellation)], () => GiveBack(buffer));
        _buffer = null;
        _filled = 0;
    }

    private void GiveBack(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            _spare.Add(buffer);
            _ = _free.Release();
        }
    }
}
