using S3Multipart.Core.Errors;
using S3Multipart.Core.Limits;

namespace S3Multipart.Core.Planning;

/// <summary>
/// How a source of known length is cut: equal parts numbered from 1 without gaps, the last one shorter or equal. Equal parts are what
/// every S3-compatible store takes, and what lets an upload be resumed from the list of its parts alone.
/// </summary>
internal readonly record struct PartPlan
{
    /// <summary>The part size where none is requested and 10,000 of them suffice.</summary>
    internal const long DefaultPartSize = 16 * S3Limits.MiB;

    private PartPlan(long length, long partSize)
    {
        Length = length;
        PartSize = partSize;
        Count = length == 0 ? 1 : checked((int)DivideUp(length, partSize));
    }

    internal long Length { get; }

    internal long PartSize { get; }

    /// <summary>At least one: an empty object is one empty part.</summary>
    internal int Count { get; }

    /// <summary>Plans, or refuses a plan that S3 would refuse.</summary>
    /// <param name="length">The number of bytes of the whole object.</param>
    /// <param name="partSize">The size requested, or null to have it chosen.</param>
    internal static PartPlan For(long length, long? partSize = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > S3Limits.MaxObjectSize)
        {
            throw SourceFailure.ObjectTooLarge(length);
        }

        long size = partSize ?? ChoosePartSize(length);
        CheckPartSize(size);
        return DivideUp(length, size) <= S3Limits.MaxParts
            ? new PartPlan(length, size)
            : throw SourceFailure.TooManyParts(length, size, DivideUp(length, S3Limits.MaxParts));
    }

    /// <summary>The default size, or the fewest whole MiB that cut the length into 10,000 parts.</summary>
    internal static long ChoosePartSize(long? length)
    {
        long needed = DivideUp(DivideUp(length ?? 0, S3Limits.MaxParts), S3Limits.MiB) * S3Limits.MiB;
        return Math.Min(Math.Max(DefaultPartSize, needed), S3Limits.MaxPartSize);
    }

    internal static void CheckPartSize(long size)
    {
        if (size is < S3Limits.MinPartSize or > S3Limits.MaxPartSize)
        {
            throw SourceFailure.PartSizeOutOfRange(size);
        }
    }

    internal static void CheckPartNumber(int number)
    {
        if (number is < 1 or > S3Limits.MaxParts)
        {
            throw SourceFailure.PartNumberOutOfRange(number);
        }
    }

    internal long OffsetOf(int partNumber) => (partNumber - 1) * PartSize;

    internal long SizeOf(int partNumber) => Math.Min(PartSize, Length - OffsetOf(partNumber));

    private static long DivideUp(long dividend, long divisor) => (dividend / divisor) + (dividend % divisor == 0 ? 0 : 1);
}
