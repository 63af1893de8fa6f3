using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Sources;

namespace S3Multipart.Transfer.Sending;

/// <summary>
/// Reads the next parts of a file for their digests while those before them are being sent, so that no connection waits for what goes
/// ahead of its bytes.
/// </summary>
/// <param name="order">The numbers of the parts, in the order in which they are sent.</param>
/// <param name="open">Makes the body of a part; null for one that need not be sent.</param>
/// <param name="limit">How many parts may be read ahead, in all files of the run.</param>
internal sealed class FileReadAhead(IReadOnlyList<int> order, Func<int, PartBody?> open, ReadAheadLimit limit)
{
    private readonly Dictionary<int, PartBody> _bodies = [];
    private int _next;
    private bool _isEnded;

    /// <summary>The body of the part at a place in the order, if it was read ahead.</summary>
    internal PartBody? Take(int place)
    {
        lock (_bodies)
        {
            _next = Math.Max(_next, place + 1);
            if (_bodies.Remove(place, out PartBody? body))
            {
                limit.Leave();
            }

            return body;
        }
    }

    /// <summary>Reads on as far as the limit allows.</summary>
    internal void Continue(RequiredDigests required, CancellationToken cancellationToken)
    {
        if (required.IsEmpty)
        {
            return;
        }

        lock (_bodies)
        {
            while (!_isEnded && _next < order.Count && limit.TryEnter())
            {
                int place = _next++;
                if (open(order[place]) is { } body)
                {
                    body.ReadAhead(required, cancellationToken);
                    _bodies.Add(place, body);
                }
                else
                {
                    limit.Leave();
                }
            }
        }
    }

    /// <summary>Leaves to other files what was read of this one and never sent.</summary>
    internal void End()
    {
        lock (_bodies)
        {
            _isEnded = true;
            foreach (PartBody _ in _bodies.Values)
            {
                limit.Leave();
            }

            _bodies.Clear();
        }
    }
}
