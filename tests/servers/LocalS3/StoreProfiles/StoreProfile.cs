using System.Text;
using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.StoreProfiles;

/// <summary>
/// How another store differs from Amazon S3: what it refuses, what it ignores, and where its responses differ. Each class names the
/// sources of its behaviours.
/// </summary>
internal abstract class StoreProfile
{
    private const string ChecksumPrefix = "x-amz-checksum-";

    private static readonly Dictionary<string, Func<StoreProfile>> s_profiles = new()
    {
        ["b2"] = () => new BackblazeB2(),
        ["ceph16"] = () => new CephPacific(),
        ["gcs"] = () => new GoogleCloudStorage(),
        ["minio"] = () => new MinIO(),
        ["moto"] = () => new Moto(),
        ["r2"] = () => new CloudflareR2(),
        ["rustfs"] = () => new RustFS(),
        ["unconfirming"] = () => new UnconfirmingStore(),
    };

    public static StoreProfile Find(string name) => s_profiles.TryGetValue(name, out Func<StoreProfile>? make)
        ? make()
        : throw new ArgumentException($"There is no store '{name}'; there are {string.Join(", ", s_profiles.Keys)}.");

    /// <summary>Called once the signature has been verified: throws for what the store refuses, and removes what it ignores.</summary>
    public virtual void Before(S3Request request)
    {
    }

    /// <summary>Called with the response of Amazon S3, to change it into the store's.</summary>
    public virtual void After(S3Request request, S3Response response)
    {
    }

    /// <summary>Called with the error of Amazon S3; returns the store's.</summary>
    public virtual S3Exception Error(S3Request request, S3Exception error) => error;

    /// <summary>The checksum headers of a request, including those that only name an algorithm or a type.</summary>
    protected static IEnumerable<string> ChecksumHeaders(S3Request request) => request.Headers.Keys.Where(IsChecksum).ToList();

    /// <summary>Whether the request has a checksum of its bytes, in a header or a trailer.</summary>
    protected static bool HasChecksum(S3Request request) => request.Body.TrailerNames.Count > 0
        || ChecksumHeaders(request).Any(name => !IsSetting(name));

    protected static bool IsTrailing(S3Request request) =>
        request.Header("x-amz-content-sha256")?.EndsWith("-TRAILER", StringComparison.Ordinal) == true;

    protected static void Ignore(S3Request request, params IEnumerable<string> names)
    {
        foreach (string name in names)
            request.Headers.Remove(name);
    }

    /// <summary>Ignores all checksums of a request.</summary>
    protected static void IgnoreChecksums(S3Request request)
    {
        Ignore(request, ChecksumHeaders(request));
        request.IgnoresListedChecksums = true;
    }

    protected static void RemoveHeaders(S3Response response, Predicate<string> isRemoved) =>
        response.Headers.RemoveAll(header => isRemoved(header.Name));

    protected static void Replace(S3Response response, string text, string replacement) =>
        response.Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(response.Body).Replace(text, replacement, StringComparison.Ordinal));

    protected static bool IsChecksum(string name) => name.StartsWith(ChecksumPrefix, StringComparison.OrdinalIgnoreCase)
        || name.Equals("x-amz-sdk-checksum-algorithm", StringComparison.OrdinalIgnoreCase);

    private static bool IsSetting(string name) => name.ToLowerInvariant()
        is "x-amz-checksum-algorithm" or "x-amz-checksum-type" or "x-amz-checksum-mode" or "x-amz-sdk-checksum-algorithm";
}
