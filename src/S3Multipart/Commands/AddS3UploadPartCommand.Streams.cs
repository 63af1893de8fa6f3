using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Planning;
using S3Multipart.Errors;

namespace S3Multipart.Commands;

public sealed partial class AddS3UploadPartCommand
{
    private ValueInput? _value;
    private bool _isValueGiven;
    private bool _isFileTaken;
    private readonly List<IByteInput> _inputs = [];
    private Task? _reading;

    /// <summary>Takes bytes from the pipeline, and waits for the requests in flight when all buffers are full.</summary>
    private void TakeValue()
    {
        if (_isValueGiven)
        {
            // The uploads are piped then, and each gets the bytes.
            (_value, _isFileTaken) = (null, false);
        }

        if (Unwrapped.Of(Value) is FileSystemInfo file && _value is null)
        {
            TakeFile(file);
            return;
        }

        if (_isFileTaken)
        {
            throw ParameterFailure.OneSourceForUpload(Upload.ToString());
        }

        TakeBytes();
        if (_isValueGiven)
        {
            _value?.Input?.End();
            _value = null;
        }
    }

    /// <summary>A file object stands for its bytes, and is read as files are: by its parts, and not held in memory.</summary>
    private void TakeFile(FileSystemInfo file)
    {
        if (_isFileTaken)
        {
            throw ParameterFailure.OneSourceForUpload(Upload.ToString());
        }

        _isFileTaken = true;
        SendFile(file.FullName);
    }

    private void TakeBytes()
    {
        if (_value is null)
        {
            // Set also where the start fails, so that a failure is reported once and not for each input.
            _value = new ValueInput(null, null, null);
            _value = BeginValue();
        }

        if (!PipedBytes.TryRead(Value, out ReadOnlyMemory<byte> bytes))
        {
            _value.Transfer?.Fail(ParameterFailure.ValueNotBytes(Unwrapped.Of(Value)));
            return;
        }

        if (_value.Input is not { } input)
        {
            _value.SendAlone(bytes);
            return;
        }

        for (int taken = 0; taken < bytes.Length;)
        {
            int count = input.Write(bytes.Span[taken..]);
            taken += count;
            if (count == 0)
            {
                Pipeline.PumpWhile(() => StopToken.IsCancellationRequested ? IsBusy : !input.CanWrite);
            }
        }
    }

    private ValueInput BeginValue()
    {
        // Checked first, so that a size out of range is refused before any confirmation.
        long partSize = StreamPartSize(ExpectedSize);
        if (PrepareToSend(Upload, "Upload bytes") is not { } reached)
        {
            return new ValueInput(null, null, null);
        }

        IUploadTransfer transfer = TransferOf(reached, ExpectedSize, new PartSource.Bytes(), partCount: PartNumber?.Length);
        if (PartNumber is [int number])
        {
            return new ValueInput(transfer, null, number);
        }

        IByteInput input = transfer.OpenInput(partSize);
        _inputs.Add(input);
        return new ValueInput(transfer, input, null);
    }

    private void ReadStream()
    {
        if (_reading is not null)
        {
            throw ParameterFailure.OneUploadForStream();
        }

        Stream stream = InputStream!;
        if (!stream.CanRead)
        {
            throw ParameterFailure.StreamNotReadable();
        }

        long? rest = stream.CanSeek ? stream.Length - stream.Position : ExpectedSize;
        long partSize = StreamPartSize(rest);
        if (PrepareToSend(Upload, "Upload a stream") is not { } reached)
        {
            return;
        }

        IUploadTransfer transfer = TransferOf(reached, rest, new PartSource.Stream());
        IByteInput input = transfer.OpenInput(partSize);
        _inputs.Add(input);
        _reading = Task.Run(() => ReadToEndAsync(transfer, input, stream));
        Drain();
    }

    private async Task ReadToEndAsync(IUploadTransfer transfer, IByteInput input, Stream stream)
    {
        try
        {
            await input.ReadAsync(stream, StopToken);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            // The user stopped; the upload is still marked as open, so it will not be completed.
        }
        catch (Exception e)
        {
            // The stream is the caller's, so it may throw anything.
            transfer.Fail(ParameterFailure.StreamNotReadable(e));
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

    /// <summary>Where bytes of the pipeline are sent: to a stream that is cut, to one part, or with -WhatIf nowhere.</summary>
    private sealed class ValueInput(IUploadTransfer? transfer, IByteInput? input, int? partNumber)
    {
        private bool _isSent;

        internal IByteInput? Input => input;

        internal IUploadTransfer? Transfer => transfer;

        internal void SendAlone(ReadOnlyMemory<byte> bytes)
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
            transfer.SendBytes(number, bytes);
        }
    }
}
