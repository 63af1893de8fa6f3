namespace S3Multipart.Pipeline;

/// <summary>Writes what overlapping requests bring in the order of their inputs, whichever response comes first.</summary>
/// <param name="post">Brings an action to the pipeline thread.</param>
/// <param name="write">Writes a result, on the pipeline thread.</param>
/// <param name="fail">Writes a failure with its target, on the pipeline thread.</param>
internal sealed class OrderedOutput<T>(Action<Action> post, Action<T> write, Action<Exception, string> fail)
    where T : class
{
    private readonly Queue<Slot> _order = new();

    /// <summary>Takes the next place, and returns what runs the request that fills it.</summary>
    internal Func<Task> Add(string target, Func<Task<T>> request)
    {
        Slot slot = new(target);
        _order.Enqueue(slot);
        return async () =>
        {
            try
            {
                slot.Result = await request();
            }
            catch (OperationCanceledException)
            {
                // The pipeline was stopped; there is nobody to report to.
            }
            catch (Exception e)
            {
                slot.Failure = e;
            }

            slot.IsFinished = true;
            post(WriteFinished);
        };
    }

    private void WriteFinished()
    {
        while (_order.TryPeek(out Slot? first) && first.IsFinished)
        {
            _ = _order.Dequeue();
            if (first.Failure is { } failure)
            {
                fail(failure, first.Target);
            }
            else if (first.Result is { } result)
            {
                write(result);
            }
        }
    }

    private sealed class Slot(string target)
    {
        private volatile bool _isFinished;

        internal string Target => target;

        internal bool IsFinished { get => _isFinished; set => _isFinished = value; }

        internal T? Result { get; set; }

        internal Exception? Failure { get; set; }
    }
}
