namespace S3Multipart.Core.Engine;

/// <summary>What a comparison of a file with an object has found.</summary>
/// <param name="IsIdentical">Null where nothing of the object can be compared.</param>
/// <param name="Evidence">What was compared; null where nothing was.</param>
/// <param name="Reason">Why they differ or cannot be compared, as a clause; null where they are identical.</param>
internal sealed record Comparison(bool? IsIdentical, Evidence? Evidence, string? Reason)
{
    internal static Comparison Same(Evidence evidence) => new(true, evidence, null);

    internal static Comparison Different(Evidence evidence, string reason) => new(false, evidence, reason);

    internal static Comparison Impossible(string reason) => new(null, null, reason);
}
