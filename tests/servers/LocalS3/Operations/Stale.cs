using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>A listing that has not yet heard of the newest entries, or of those that are gone, as a fault may ask for.</summary>
internal static class Stale
{
    /// <summary>The uploads in progress; a listing that lags behind has those that were completed too.</summary>
    public static IEnumerable<UploadRecord> Uploads(S3Request request, Bucket bucket)
    {
        IEnumerable<UploadRecord> open = Omit(request, bucket.Uploads.Values.Select(u => u.Record), u => u.Initiated);
        return request.Fault is not { Action: "lagging-list" } ? open : open.Concat(bucket.Completed.Select(c => new UploadRecord
        {
            UploadId = c.Key,
            Key = c.Value.Key,
            Initiated = c.Value.Version.LastModified,
            Inputs = c.Value.Version.Inputs,
            ChecksumAlgorithm = c.Value.Version.Checksum?.Algorithm,
            ChecksumType = c.Value.Version.Checksum?.Type,
        }));
    }

    public static IEnumerable<T> Omit<T>(S3Request request, IEnumerable<T> entries, Func<T, DateTime> time)
    {
        if (request.Fault is not { Action: "stale-list" } fault)
            return entries;
        List<T> all = [.. entries];
        HashSet<T> newest = [.. all.OrderByDescending(time).Take(fault.Omit)];
        return all.Where(e => !newest.Contains(e));
    }
}
