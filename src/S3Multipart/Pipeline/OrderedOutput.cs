namespace S3Multipart.Pipeline;

/// <summary>Writes the results of overlapping requests in the order of their inputs, whichever response comes first.</summary>
/// <param name="post">Runs an action on the pipeline thread.</param>
/// <param name="write">Writes a result, on the pipeline thread.</param>
/// <param name="fail">Writes the failure of an input, on the pipeline thread.</param>
internal sealed class OrderedOutput<TInput, TResult>(Action<Action> post, Action<TResult> write, Action<Exception, TInput> fail)
    where TResult : class
{
    private readonly Queue<Slot> _order = new();

    /// <summary>Reserves the next place in the order, and returns the operation that fills it.</summary>
    internal Func<CancellationToken, Task> Add(TInput input, Func<CancellationToken, Task<TResult>> request)
    {
        Slot slot = new(input);
        _order.Enqueue(slot);
        return async token =>
        {
            try
            {
                slot.Result = await request(token);
            }
            catch (OperationCanceledException)
            {
                // The pipeline was stopped; what is left to report is reported when the cmdlet ends.
            }
            catch (Exception e)
            {
                slot.Failure = e;
            }

            slot.IsFinished = true;
            post(WriteFinished);
        };
    }

    /// <summary>Removes and returns what was not written, for a pipeline that has ended before.</summary>
    internal IReadOnlyList<Slot> TakeUnwritten()
    {
        Slot[] unwritten = [.. _order];
        _order.Clear();
        return unwritten;
    }

    private void WriteFinished()
    {
        while (_order.TryPeek(out Slot? first) && first.IsFinished)
        {
            _ = _order.Dequeue();
            if (first.Failure is { } failure)
            {
                fail(failure, first.Input);
            }
            else if (first.Result is { } result)
            {
                write(result);
            }
        }
    }

    /// <summary>An input's place in the order. Without a result and a failure its request did not end, or never began.</summary>
    internal sealed class Slot(TInput input)
    {
        private volatile bool _isFinished;

        internal TInput Input => input;

        internal TResult? Result { get; set; }

        internal Exception? Failure { get; set; }

        internal bool IsFinished { get => _isFinished; set => _isFinished = value; }
    }
}
