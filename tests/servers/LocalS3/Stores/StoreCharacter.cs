using System.Text;
using LocalS3.Http;

namespace LocalS3.Stores;

/// <summary>
/// How another maker's store differs from Amazon S3: what it refuses, what it ignores, and what it answers otherwise. Each class names the
/// sources of its behaviours.
/// </summary>
internal abstract class StoreCharacter
{
    private const string ChecksumPrefix = "x-amz-checksum-";

    private static readonly Dictionary<string, Func<StoreCharacter>> s_characters = new()
    {
        ["b2"] = () => new BackblazeB2(),
        ["ceph16"] = () => new CephPacific(),
        ["gcs"] = () => new GoogleCloudStorage(),
        ["minio"] = () => new MinIO(),
        ["moto"] = () => new Moto(),
        ["r2"] = () => new CloudflareR2(),
        ["rustfs"] = () => new RustFS(),
        ["silent"] = () => new Silent(),
    };

    public static StoreCharacter Find(string name) => s_characters.TryGetValue(name, out Func<StoreCharacter>? make)
        ? make()
        : throw new ArgumentException($"There is no store '{name}'; there are {string.Join(", ", s_characters.Keys)}.");

    /// <summary>Called once the signature has been checked: throws what the store refuses, and removes what it ignores.</summary>
    public virtual void Before(S3Request request)
    {
    }

    /// <summary>Called with what Amazon S3 would answer.</summary>
    public virtual void After(S3Request request, S3Response response)
    {
    }

    /// <summary>Called with the error that Amazon S3 would answer; returns the store's.</summary>
    public virtual S3Exception Error(S3Request request, S3Exception error) => error;

    /// <summary>The names of the checksum headers of a request, with those that only announce or ask for a checksum.</summary>
    protected static IEnumerable<string> ChecksumHeaders(S3Request request) => request.Headers.Keys.Where(IsChecksum).ToList();

    /// <summary>True where the request has a checksum of its bytes, before or behind them.</summary>
    protected static bool HasChecksum(S3Request request) => request.Body.TrailerNames.Count > 0
        || ChecksumHeaders(request).Any(name => !IsSetting(name));

    protected static bool IsTrailing(S3Request request) =>
        request.Header("x-amz-content-sha256")?.EndsWith("-TRAILER", StringComparison.Ordinal) == true;

    protected static void Ignore(S3Request request, params IEnumerable<string> names)
    {
        foreach (string name in names)
            request.Headers.Remove(name);
    }

    /// <summary>Takes no notice of checksums anywhere in a request.</summary>
    protected static void IgnoreChecksums(S3Request request)
    {
        Ignore(request, ChecksumHeaders(request));
        request.IgnoresListedChecksums = true;
    }

    protected static void RemoveHeaders(S3Response response, Predicate<string> isRemoved) =>
        response.Headers.RemoveAll(header => isRemoved(header.Name));

    protected static void Replace(S3Response response, string text, string by) =>
        response.Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(response.Body).Replace(text, by, StringComparison.Ordinal));

    protected static bool IsChecksum(string name) => name.StartsWith(ChecksumPrefix, StringComparison.OrdinalIgnoreCase)
        || name.Equals("x-amz-sdk-checksum-algorithm", StringComparison.OrdinalIgnoreCase);

    private static bool IsSetting(string name) => name.ToLowerInvariant()
        is "x-amz-checksum-algorithm" or "x-amz-checksum-type" or "x-amz-checksum-mode" or "x-amz-sdk-checksum-algorithm";
}
