using System.Globalization;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Planning;
using S3Multipart.Transfer.Scheduling;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Sending;

/// <summary>The parts of another object, copied by S3 itself. Every part requires the ETag that the source had at the beginning.</summary>
internal sealed class CopyTransfer(TransferScheduler scheduler, PartTransfer transfer, CopyInput input)
{
    internal void Open() => scheduler.Open(LookAsync);

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            FoundObject found = await transfer.Store.HeadObjectAsync(input.Source, cancellation);
            (long first, long length) = input.Range is null ? (0, found.Size) : ParseRange(input.Range, found.Size);
            PartPlan plan = PartPlan.For(length, input.PartSize);
            int offset = input.Range is not null && input.PartNumbers is [int one] ? one - 1 : 0;
            IEnumerable<int> numbers = input is { PartNumbers: { } chosen, Range: null }
                ? chosen.Distinct()
                : Enumerable.Range(1, plan.Count);
            foreach (int number in numbers)
            {
                PartPlan.CheckPartNumber(number + offset);
                if (number > plan.Count)
                {
                    transfer.Refuse(SourceFailure.PartNumberNotInPlan(number, plan.Count));
                }
            }

            numbers = numbers.Where(number => number <= plan.Count);

            // Pieces that take a number of the user's choice are some of an upload whose extent only the user knows.
            int? partCount = input.Range is not null && input.PartNumbers is not null ? null : plan.Count;
            if (partCount is not null)
            {
                transfer.State.Begin(plan.Count);
            }

            scheduler.Open(numbers.Select<int, TransferScheduler.Work>(number => token => transfer.CopyAsync(
                new PartCopyInput
                {
                    Target = UploadTarget.Of(transfer.Upload),
                    PartNumber = number + offset,
                    Source = input.Source,
                    SourceETag = input.Source.IfMatch ?? found.ETag,
                    Range = plan.Count == 1 && length == found.Size ? null : RangeOf(plan, number, first),
                    Size = plan.SizeOf(number),
                },
                partCount,
                token)));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            transfer.State.Fail(new OperationCanceledException("The copy was stopped."));
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
            : throw SourceFailure.CopyRangeInvalid(range, size);
    }
}
