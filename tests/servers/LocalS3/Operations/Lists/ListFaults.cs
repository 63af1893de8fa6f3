using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations.Lists;

/// <summary>The faults stale-list, which omits the newest entries, and lagging-list, which still has those that are gone.</summary>
internal static class ListFaults
{
    /// <summary>The uploads in progress; with lagging-list the completed ones too.</summary>
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
