using System.Globalization;
using S3Multipart.Store;

namespace S3Multipart.Transfer;

/// <summary>The parts of another object, copied by S3 itself. Every part demands the ETag that the source had at the beginning.</summary>
internal sealed class CopyTransfer(TransferScheduler scheduler, PartTransfer transfer, CopySource source)
{
    /// <summary>The size asked for, or null to have it chosen.</summary>
    internal long? PartSize { get; init; }

    /// <summary>FIRST-LAST, both included; null for the whole source.</summary>
    internal string? Range { get; init; }

    /// <summary>Which parts to copy, or with a range the one number that its first piece gets; null for all from 1.</summary>
    internal IReadOnlyList<int>? PartNumbers { get; init; }

    internal void Open() => scheduler.Open(LookAsync);

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            SourceObject found = await transfer.Store.HeadObjectAsync(source, cancellation);
            (long first, long length) = Range is null ? (0, found.Size) : ParseRange(Range, found.Size);
            PartPlan plan = PartPlan.For(length, PartSize);
            int offset = Range is not null && PartNumbers is [int one] ? one - 1 : 0;
            IEnumerable<int> numbers = PartNumbers is not null && Range is null ? PartNumbers.Distinct() : Enumerable.Range(1, plan.Count);
            foreach (int number in numbers)
            {
                PartPlan.CheckPartNumber(number + offset);
                if (number > plan.Count)
                {
                    throw Failure.PartNumberNotInPlan(number, plan.Count);
                }
            }

            // Pieces that take a number of the user's choice are some of an upload whose extent only the user knows.
            int? partCount = Range is not null && PartNumbers is not null ? null : plan.Count;
            if (partCount is not null)
            {
                transfer.Upload.Progress.Begin(plan.Count);
            }

            scheduler.Open(numbers.Select<int, TransferScheduler.Work>(number => token => transfer.CopyAsync(
                new PartCopyInput
                {
                    Target = transfer.Upload.Target,
                    PartNumber = number + offset,
                    Source = source,
                    SourceETag = source.IfMatch ?? found.ETag,
                    Range = plan.Count == 1 && length == found.Size ? null : RangeOf(plan, number, first),
                    Size = plan.SizeOf(number),
                },
                partCount,
                token)));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            transfer.Upload.Progress.Fail(new OperationCanceledException("The copy was stopped."));
        }
        catch (Exception e)
        {
            transfer.Fail(e);
        }
    }

    private static (long First, long Last) RangeOf(PartPlan plan, int number, long first) =>
        (first + plan.OffsetOf(number), first + plan.OffsetOf(number) + plan.SizeOf(number) - 1);

    private static (long First, long Length) ParseRange(string range, long size)
    {
        string text = range.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) ? range["bytes=".Length..] : range;
        string[] ends = text.Split('-');
        return ends.Length == 2
            && long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            && long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            && first <= last
            && last < size
            ? (first, last - first + 1)
            : throw Failure.CopyRangeInvalid(range, size);
    }
}
