using LocalS3.Http;

namespace LocalS3.Operations;

/// <summary>A listing that has not yet heard of the newest entries, as a fault may ask for.</summary>
internal static class Stale
{
    public static IEnumerable<T> Omit<T>(S3Request request, IEnumerable<T> entries, Func<T, DateTime> time)
    {
        if (request.Fault is not { Action: "stale-list" } fault)
            return entries;
        List<T> all = [.. entries];
        HashSet<T> newest = [.. all.OrderByDescending(time).Take(fault.Omit)];
        return all.Where(e => !newest.Contains(e));
    }
}
