using S3Multipart.Core.Encryption;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Comparing;

/// <summary>
/// Whether an object is what an upload would make of it, besides its bytes: as far as it was requested, and as far as HEAD shows it. Tags,
/// locks, ACLs, an alias or a context of KMS do not show, and are never a reason to send the file.
/// </summary>
internal static class RequestedProperties
{
    /// <summary>How the object differs from what was requested, as a clause; null where it does not.</summary>
    internal static string? DifferenceOf(CreateInput input, FoundObject found) =>
        Encryption(input.Encryption, found.Encryption)
            ?? Headers(input.Object, found.Properties)
            ?? Metadata(input.Object, found.Properties);

    /// <summary>The object's storage class where another was requested. A lifecycle rule may have moved it.</summary>
    internal static string? OtherStorageClass(CreateInput input, FoundObject found)
    {
        string actual = found.Properties.StorageClass ?? "STANDARD";
        return input.Object.StorageClass is { } requested && !requested.Equals(actual, StringComparison.OrdinalIgnoreCase) ? actual : null;
    }

    private static string? Encryption(EncryptionInput requested, AppliedEncryption applied)
    {
        string? method = requested.CustomerKey is null ? requested.Method : EncryptionInput.SseC;
        if (method is not null && method != applied.Method)
        {
            return $"it is encrypted with {applied.Method ?? "nothing that the store names"}, not with {method}";
        }

        return requested.KmsKeyId is { } key && !IsAlias(key) && applied.KmsKeyId is { } actual && !IsSameKey(key, actual)
            ? $"it is encrypted with the key {actual}, not with {key}"
            : null;
    }

    private static string? Headers(ObjectInput requested, ObjectInput actual) =>
        Difference("content type", requested.ContentType, actual.ContentType)
            ?? Difference("cache control", requested.CacheControl, actual.CacheControl)
            ?? Difference("content disposition", requested.ContentDisposition, actual.ContentDisposition)
            ?? Difference("content encoding", requested.ContentEncoding, actual.ContentEncoding)
            ?? Difference("content language", requested.ContentLanguage, actual.ContentLanguage);

    private static string? Difference(string what, string? requested, string? actual) =>
        requested is { Length: > 0 } && !requested.Equals(actual, StringComparison.OrdinalIgnoreCase)
            ? $"its {what} is {actual ?? "none"}, not {requested}"
            : null;

    private static string? Metadata(ObjectInput requested, ObjectInput actual)
    {
        if (requested.Metadata.Count == 0)
        {
            return null;
        }

        foreach ((string name, string value) in requested.Metadata)
        {
            string? there = actual.Metadata.GetValueOrDefault(name.ToLowerInvariant());
            // What is no ASCII goes encoded, and comes back in another encoding than it went.
            bool isEncoded = value.StartsWith("=?", StringComparison.Ordinal) && there is not null;
            if (there != value && !isEncoded)
            {
                return $"its metadata '{name}' is {(there is null ? "not there" : $"'{there}'")}, not '{value}'";
            }
        }

        return actual.Metadata.Keys.FirstOrDefault(name => !requested.Metadata.Keys.Contains(name, StringComparer.OrdinalIgnoreCase))
            is { } other ? $"it has the metadata '{other}', which was not requested" : null;
    }

    private static bool IsAlias(string key) =>
        key.StartsWith("alias/", StringComparison.Ordinal) || key.Contains(":alias/", StringComparison.Ordinal);

    /// <summary>S3 names a key by its ARN, of which the id alone may have been requested.</summary>
    private static bool IsSameKey(string requested, string actual) =>
        requested == actual || actual.EndsWith("/" + requested, StringComparison.Ordinal)
        || requested.EndsWith("/" + actual, StringComparison.Ordinal);
}
