using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Sources;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

public sealed partial class AddS3UploadPartCommand
{
    private ValueInput? _value;
    private StreamTransfer? _stream;
    private Task? _reading;

    /// <summary>Takes bytes from the pipeline, and waits for the requests in flight when all buffers are full.</summary>
    private void TakeValue()
    {
        if (_value is null)
        {
            // Stays where the beginning fails, so that a failure is told once and not for each input.
            _value = new ValueInput(null, null, null);
            _value = BeginValue();
        }

        if (!PipedBytes.TryRead(Value, out ReadOnlyMemory<byte> bytes))
        {
            _value.Transfer?.Fail(ParameterFailure.ValueNotBytes(Value is PSObject wrapped ? wrapped.BaseObject : Value));
            return;
        }

        if (_value.Stream is not { } stream)
        {
            _value.SendAlone(Scheduler, bytes);
            return;
        }

        for (int taken = 0; taken < bytes.Length;)
        {
            int count = stream.Write(bytes.Span[taken..]);
            taken += count;
            if (count == 0)
            {
                Pipeline.PumpWhile(() => StopToken.IsCancellationRequested ? IsBusy : !stream.CanWrite);
            }
        }
    }

    private ValueInput BeginValue()
    {
        // Looked at first, so that a size out of range is refused before anything is asked.
        long partSize = StreamPartSize(ExpectedSize);
        if (!ShouldChange(Upload.ToString(), "Upload bytes"))
        {
            return new ValueInput(null, null, null);
        }

        PartTransfer transfer = TransferOf(Upload, ExpectedSize, partCount: PartNumber?.Length);
        Upload.Progress.Source = PartSource.Bytes;
        if (PartNumber is [int number])
        {
            return new ValueInput(transfer, null, number);
        }

        _stream = new StreamTransfer(Scheduler, transfer, partSize, RequestsInFlight);
        return new ValueInput(transfer, _stream, null);
    }

    private void ReadStream()
    {
        if (_stream is not null)
        {
            throw ParameterFailure.OneUploadForStream();
        }

        Stream input = InputStream!;
        if (!input.CanRead)
        {
            throw ParameterFailure.StreamNotReadable();
        }

        long? rest = input.CanSeek ? input.Length - input.Position : ExpectedSize;
        long partSize = StreamPartSize(rest);
        if (!ShouldChange(Upload.ToString(), "Upload a stream"))
        {
            WarnOfLeft(Upload);
            return;
        }

        PartTransfer transfer = TransferOf(Upload, rest);
        Upload.Progress.Source = PartSource.Stream;
        _stream = new StreamTransfer(Scheduler, transfer, partSize, RequestsInFlight);
        _reading = Task.Run(() => ReadToEndAsync(_stream, input));
        Drain();
    }

    private async Task ReadToEndAsync(StreamTransfer stream, Stream input)
    {
        try
        {
            await stream.ReadAsync(input, StopToken);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            // The user stopped; the upload is still marked as open, so nobody will complete it.
        }
        catch (Exception e)
        {
            // The stream is somebody else's, so it may throw anything.
            stream.Transfer.Fail(ParameterFailure.StreamNotReadable(e));
        }
        finally
        {
            Pipeline.Wake();
        }
    }

    private long StreamPartSize(long? length)
    {
        long size = PartPlan.For(length ?? 0, PartSize ?? Upload.PartSize).PartSize;
        return size <= Array.MaxLength ? size : throw ParameterFailure.PartSizeTooLargeForBuffer(size);
    }

    /// <summary>Where the bytes from the pipeline go: into a stream that is cut, into one part, or with -WhatIf nowhere.</summary>
    private sealed class ValueInput(PartTransfer? transfer, StreamTransfer? stream, int? partNumber)
    {
        private bool _isSent;

        internal StreamTransfer? Stream => stream;

        internal PartTransfer? Transfer => transfer;

        internal void SendAlone(TransferScheduler scheduler, ReadOnlyMemory<byte> bytes)
        {
            if (transfer is null || partNumber is not int number)
            {
                return;
            }

            if (_isSent)
            {
                transfer.Fail(ParameterFailure.OneNumberForValue());
                return;
            }

            _isSent = true;
            scheduler.Open(token => transfer.SendAsync(number, new BufferPartBody(bytes), partCount: null, token));
        }
    }
}
