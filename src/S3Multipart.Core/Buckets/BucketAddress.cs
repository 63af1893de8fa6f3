using System.Buffers;
using S3Multipart.Core.Errors;

namespace S3Multipart.Core.Buckets;

/// <summary>The one place that distinguishes general purpose from directory buckets, and checks the names of both.</summary>
internal readonly record struct BucketAddress
{
    private static readonly SearchValues<char> s_neverInNames = SearchValues.Create("/\\?#%*[] \t\r\n");

    /// <summary>How the names of directory buckets end, and of their access points, for which the same rules hold.</summary>
    private static readonly string[] s_directorySuffixes = ["--x-s3", "--xa-s3"];

    private BucketAddress(string name) => Name = name;

    internal string Name { get; }

    internal BucketType Type => DirectorySuffix is null ? BucketType.GeneralPurpose : BucketType.Directory;

    /// <summary>The zone of a directory bucket, such as usw2-az1.</summary>
    internal string? ZoneId => DirectorySuffix is not { } suffix ? null
        : Name[..^suffix.Length] is var stem
            && stem.LastIndexOf("--", StringComparison.Ordinal) is int at and > 0 ? stem[(at + 2)..]
        : throw SourceFailure.BucketNameInvalid(Name, "a directory bucket is named BASE--ZONE-ID--x-s3");

    private string? DirectorySuffix
    {
        get
        {
            string name = Name;
            return Array.Find(s_directorySuffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal));
        }
    }

    /// <summary>The Region that an ARN names; null for a name, and for the ARN of a multi-Region access point.</summary>
    internal string? ArnRegion => Name.Split(':', 6) is ["arn", _, _, { Length: > 0 } region, ..] ? region : null;

    internal static BucketAddress Parse(string name)
    {
        // Only what can never be right is refused here. Stores other than Amazon's have rules of their own for the rest.
        string? why = name switch
        {
            _ when string.IsNullOrWhiteSpace(name) => "it is empty",
            _ when name.StartsWith("s3://", StringComparison.OrdinalIgnoreCase) => "write the name alone, without s3://",
            _ when name.StartsWith("arn:", StringComparison.Ordinal) => IsObjectLambda(name)
                ? "it is an access point of Object Lambda, which only reads; name the access point or the bucket behind it" : null,
            _ when name.AsSpan().ContainsAny(s_neverInNames) => "it has a character that no bucket name can have",
            _ when name.Length > 255 => "it is too long",
            _ => null,
        };
        return why is null ? new BucketAddress(name) : throw SourceFailure.BucketNameInvalid(name, why);
    }

    private static bool IsObjectLambda(string arn) => arn.Split(':', 4) is ["arn", _, "s3-object-lambda", ..];
}
