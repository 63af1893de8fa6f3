using S3Multipart.Core.Engine;
using S3Multipart.Core.Limits;
using S3Multipart.Core.Planning;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Sources;

namespace S3Multipart.Transfer.Lists;

/// <summary>
/// The parts that S3 holds of an upload already. Their list is the only record of progress: it shows how the file was cut, and what of
/// it need not be sent again, on whatever machine the upload is resumed.
/// </summary>
internal sealed class ExistingParts
{
    private readonly Dictionary<int, StoredPart> _parts;

    internal ExistingParts(IEnumerable<StoredPart> parts) => _parts = parts
        .GroupBy(part => part.PartNumber).ToDictionary(group => group.Key, group => group.Last());

    internal int Count => _parts.Count;

    internal bool Has(int number) => _parts.ContainsKey(number);

    /// <summary>
    /// How to cut a file so that most of what S3 holds fits: by one of the sizes of the parts there, or as requested where that fits as
    /// well.
    /// </summary>
    /// <param name="length">The file's length now.</param>
    /// <param name="requested">The requested part size, or null.</param>
    internal PartPlan Plan(long length, long? requested)
    {
        PartPlan best = PartPlan.For(length, requested);
        long most = BytesThatFit(best);
        foreach (long size in _parts.Values.Select(part => part.Size)
            .Where(size => size is >= S3Limits.MinPartSize and <= S3Limits.MaxPartSize).Distinct().Take(4))
        {
            if (length / size < S3Limits.MaxParts && PartPlan.For(length, size) is var plan
                && BytesThatFit(plan) is var bytes && bytes > most)
            {
                (best, most) = (plan, bytes);
            }
        }

        return best;
    }

    /// <summary>The part of that number, if it has the size that the plan gives it.</summary>
    internal StoredPart? Find(PartPlan plan, int number) => _parts.TryGetValue(number, out StoredPart? part)
        && part.Size == plan.SizeOf(number) ? part : null;

    /// <summary>
    /// True if S3 holds just these bytes: by the part's checksum, or by its ETag where that is an MD5. Where neither can be compared the
    /// result is false, and the part is sent again.
    /// </summary>
    internal static async Task<bool> IsSameAsync(PartBody body, StoredPart existing, CancellationToken cancellationToken)
    {
        bool hasChecksum = existing.Checksum is not null && PartChecksum.IsKnown(existing.ChecksumAlgorithm);
        if (body.Length != existing.Size || !(hasChecksum || existing.MD5 is not null))
        {
            return false;
        }

        BodyDigests digests = await body.ReadForDigestsAsync(
            new RequiredDigests(hasChecksum ? existing.ChecksumAlgorithm : null, MD5: !hasChecksum), cancellationToken);
        return hasChecksum
            ? digests.Checksum == existing.Checksum
            : Hex.Of(Convert.FromBase64String(digests.MD5!)).Equals(existing.MD5, StringComparison.OrdinalIgnoreCase);
    }

    private long BytesThatFit(PartPlan plan) =>
        _parts.Values.Sum(part => part.PartNumber <= plan.Count && plan.SizeOf(part.PartNumber) == part.Size ? part.Size : 0);
}
