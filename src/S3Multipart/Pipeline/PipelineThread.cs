using System.Collections.Concurrent;
using System.Management.Automation;

namespace S3Multipart.Pipeline;

/// <summary>
/// Connects the worker threads with the pipeline thread, which alone may write. Workers post what is to be written; the pipeline
/// thread pumps while it has a reason to wait, and wakes at least five times a second.
/// </summary>
internal sealed class PipelineThread : IDisposable
{
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Action _onTick;
    private readonly object _gate = new();
    private bool _isAwake;
    private bool _isClosed;

    /// <param name="onTick">Called on the pipeline thread each time it has woken.</param>
    internal PipelineThread(Action onTick) => _onTick = onTick;

    /// <summary>Cancelled when the pipeline is stopped or the cmdlet is gone.</summary>
    internal CancellationToken StopToken => _stop.Token;

    internal void Post(Action write)
    {
        _posted.Enqueue(write);
        Wake();
    }

    internal void Wake()
    {
        // Called for every part, from any thread: a monitor costs a tenth of a wait handle.
        lock (_gate)
        {
            if (!_isAwake)
            {
                _isAwake = true;
                Monitor.Pulse(_gate);
            }
        }
    }

    internal void Stop()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }
        }

        _stop.Cancel();
        Wake();
    }

    /// <summary>
    /// Writes what is posted until nothing is left and the work has ended. A stop ends the wait only once
    /// <paramref name="isBusy"/> says that the work has ended, so that no request outlives the cmdlet.
    /// </summary>
    internal void PumpWhile(Func<bool> isBusy)
    {
        while (true)
        {
            bool wasBusy = isBusy();
            WritePosted();
            if (!wasBusy)
            {
                break;
            }

            Sleep();
        }

        ThrowIfStopped();
    }

    /// <summary>Waits for a task, pumping.</summary>
    internal T Wait<T>(Task<T> task)
    {
        _ = task.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        PumpWhile(() => !task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Takes item after item as they come, pumping, until there is none left or <paramref name="take"/> has enough.</summary>
    internal void ForEach<T>(IAsyncEnumerable<T> items, Func<T, bool> take)
    {
        IAsyncEnumerator<T> each = items.GetAsyncEnumerator(StopToken);
        try
        {
            while (Wait(each.MoveNextAsync().AsTask()) && take(each.Current))
            {
            }
        }
        finally
        {
            // No step is under way any more, for each was waited for, so this does not wait.
            each.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Waits for the end of the work without writing anything: the pipeline is already gone.</summary>
    internal void AwaitQuietly(Func<bool> isBusy)
    {
        while (isBusy())
        {
            Sleep();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        _stop.Dispose();
    }

    private void Sleep()
    {
        lock (_gate)
        {
            if (!_isAwake)
            {
                _ = Monitor.Wait(_gate, s_longestSleep);
            }

            _isAwake = false;
        }
    }

    private void WritePosted()
    {
        while (!_stop.IsCancellationRequested && _posted.TryDequeue(out Action? write))
        {
            write();
        }

        if (!_stop.IsCancellationRequested)
        {
            _onTick();
        }
    }

    private void ThrowIfStopped()
    {
        if (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }
}
