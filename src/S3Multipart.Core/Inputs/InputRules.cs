using System.Text;
using S3Multipart.Core.Errors;

namespace S3Multipart.Core.Inputs;

/// <summary>What S3 would refuse of an object's inputs, whatever the bucket.</summary>
internal static class InputRules
{
    private const int MaxMetadataBytes = 2048;
    private const int MaxTags = 10;
    private const int MaxTagKeyLength = 128;
    private const int MaxTagValueLength = 256;

    /// <summary>The input as it is sent: values normalised or encoded. Refuses what cannot be.</summary>
    internal static ObjectInput Normalise(ObjectInput input)
    {
        CheckAcl(input);
        CheckObjectLock(input);
        CheckStorageClass(input.StorageClass);
        CheckTags(input.Tags);
        return input with
        {
            CacheControl = HeaderText.Check(nameof(input.CacheControl), input.CacheControl),
            ContentDisposition = HeaderText.Check(nameof(input.ContentDisposition), input.ContentDisposition),
            ContentEncoding = HeaderText.Check(nameof(input.ContentEncoding), input.ContentEncoding),
            ContentLanguage = HeaderText.Check(nameof(input.ContentLanguage), input.ContentLanguage),
            ContentType = HeaderText.CheckContentType(input.ContentType),
            StorageClass = HeaderText.Check(nameof(input.StorageClass), input.StorageClass),
            ObjectLockMode = HeaderText.Check(nameof(input.ObjectLockMode), input.ObjectLockMode),
            WebsiteRedirectLocation = CheckRedirect(input.WebsiteRedirectLocation),
            Metadata = EncodeMetadata(input.Metadata),
        };
    }

    private static void CheckAcl(ObjectInput input)
    {
        _ = HeaderText.Check(nameof(input.CannedAcl), input.CannedAcl);
        if (input.CannedAcl is not null && input.Grants.Count > 0)
        {
            throw InputFailure.AclAndGrants();
        }
    }

    private static void CheckObjectLock(ObjectInput input)
    {
        if (input.ObjectLockMode is null != input.ObjectLockRetainUntilDate is null)
        {
            throw InputFailure.ObjectLockIncomplete();
        }

        if (input.ObjectLockRetainUntilDate is DateTime date && date.ToUniversalTime() <= DateTime.UtcNow)
        {
            throw InputFailure.RetainUntilDateInPast(date);
        }
    }

    private static void CheckStorageClass(string? name)
    {
        string? why = name?.ToUpperInvariant() switch
        {
            "SNOW" => "it is that of objects on Snowball devices",
            { } given when given.StartsWith("FSX_", StringComparison.Ordinal) =>
                "S3 gives it by itself to what is stored through an access point of Amazon FSx",
            { } given when given.StartsWith("AWS_BACKUP_", StringComparison.Ordinal) => "it is that of what AWS Backup stores",
            _ => null,
        };
        if (why is not null)
        {
            throw InputFailure.StorageClassNotForClients(name!, why);
        }
    }

    private static void CheckTags(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count > MaxTags)
        {
            throw InputFailure.TagInvalid(Failure.Invariant($"there are {tags.Count} of them, and S3 takes {MaxTags}"));
        }

        foreach ((string key, string value) in tags)
        {
            string? why = key.Length is 0 or > MaxTagKeyLength
                ? Failure.Invariant($"the key '{key}' has {key.Length} characters, and S3 takes 1 to {MaxTagKeyLength}")
                : value.Length > MaxTagValueLength
                ? Failure.Invariant($"the value of '{key}' has {value.Length} characters, and S3 takes {MaxTagValueLength}")
                : key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase) ? $"the key '{key}' begins with aws:, which is AWS's own"
                : !(key + value).All(IsTagCharacter)
                ? $"'{key}' has a character that S3 does not take in tags: letters, digits, spaces and + - = . _ : / @ are taken"
                : null;
            if (why is not null)
            {
                throw InputFailure.TagInvalid(why);
            }
        }
    }

    private static bool IsTagCharacter(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c)
        || c is ' ' or '+' or '-' or '=' or '.' or '_' or ':' or '/' or '@';

    private static string? CheckRedirect(string? location) =>
        HeaderText.Check("WebsiteRedirectLocation", location) is not { } checkedLocation
        || checkedLocation.StartsWith('/')
        || checkedLocation.StartsWith("http://", StringComparison.Ordinal)
        || checkedLocation.StartsWith("https://", StringComparison.Ordinal)
            ? location
            : throw InputFailure.RedirectInvalid();

    private static Dictionary<string, string> EncodeMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        Dictionary<string, string> encoded = new(StringComparer.OrdinalIgnoreCase);
        int bytes = 0;
        foreach ((string name, string value) in metadata)
        {
            string bare = HeaderText.CheckMetadataName(name);
            if (!encoded.TryAdd(bare, HeaderText.EncodeMetadataValue(bare, value)))
            {
                throw InputFailure.MetadataNameTwice(bare);
            }

            bytes += Encoding.UTF8.GetByteCount(bare) + Encoding.UTF8.GetByteCount(value);
        }

        return bytes <= MaxMetadataBytes ? encoded : throw InputFailure.MetadataTooLarge(bytes);
    }
}
