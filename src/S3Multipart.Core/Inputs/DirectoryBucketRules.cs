using S3Multipart.Core.Buckets;
using S3Multipart.Core.Encryption;

namespace S3Multipart.Core.Inputs;

/// <summary>
/// The one table of what a directory bucket does not take, from the API reference of each operation. What is in it is refused before
/// any request, with the rule as the reason.
/// </summary>
internal static class DirectoryBucketRules
{
    private const string NoCustomerKeys = "it takes no customer keys (SSE-C)";

    private static readonly (string Input, Func<CreateInput, bool> IsGiven, string Rule)[] s_create =
    [
        ("CannedACL", input => input.Object.CannedAcl is not null, "it has no access control lists"),
        ("GrantFullControl, GrantRead, GrantReadACP or GrantWriteACP", input => input.Object.Grants.Count > 0,
            "it has no access control lists"),
        ("Tag", input => input.Object.Tags.Count > 0, "its objects have no tags"),
        ("ObjectLockMode, ObjectLockRetainUntilDate or ObjectLockLegalHoldStatus", input => input.Object.HasObjectLock,
            "it has no object lock"),
        ("WebsiteRedirectLocation", input => input.Object.WebsiteRedirectLocation is not null, "it serves no websites"),
        ("StorageClass", input => input.Object.StorageClass is not (null or "EXPRESS_ONEZONE" or "ONEZONE_IA"),
            "its storage class is EXPRESS_ONEZONE, or ONEZONE_IA in a Local Zone"),
        ("SseCustomerKey", input => input.Encryption.CustomerKey is not null, NoCustomerKeys),
        ("DsseKms", input => input.Encryption.Method == EncryptionInput.DsseKms, "it encrypts with AES256 or aws:kms only"),
        ("A KmsKeyId that is an alias", input => input.Encryption.KmsKeyId is { } id && id.Contains("alias/", StringComparison.Ordinal),
            "it takes the id or the ARN of its key, not an alias"),
        ("KmsEncryptionContext", input => input.Encryption.KmsContext is { } context && !IsContextOf(context, input.BucketName),
            "its context is always the bucket's ARN, as @{ 'aws:s3express:arn' = ARN }"),
        ("BucketKeyEnabled:$false", input => input.Encryption.BucketKeyEnabled == false, "its S3 Bucket Key is always on"),
    ];

    internal static void Check(CreateInput input)
    {
        if (BucketAddress.Parse(input.BucketName).Type == BucketType.Directory)
        {
            foreach ((string name, Func<CreateInput, bool> isGiven, string rule) in s_create)
            {
                if (isGiven(input))
                {
                    throw InputFailure.NotForDirectoryBuckets(name, rule);
                }
            }
        }
        else if (input.Object.StorageClass == "EXPRESS_ONEZONE")
        {
            throw InputFailure.StorageClassNotForClients("EXPRESS_ONEZONE", "it is that of directory buckets");
        }
    }

    /// <summary>How a directory bucket is reached: at the endpoint of its zone, by virtual host, in the Region of the zone.</summary>
    internal static void Check(BucketAddress bucket, ConnectionSettings settings, string? region, bool isRegionMissing)
    {
        if (bucket.Type != BucketType.Directory)
        {
            return;
        }

        string? refused = settings.ForcePathStyle == true ? "ForcePathStyleAddressing"
            : settings.UseAccelerateEndpoint == true ? "UseAccelerateEndpoint"
            : settings.RequestPayer == true ? "RequestPayer"
            : null;
        if (refused is not null)
        {
            throw InputFailure.NotForDirectoryBuckets(refused, refused switch
            {
                "ForcePathStyleAddressing" => "it is reached by virtual host only",
                "UseAccelerateEndpoint" => "it has no acceleration",
                _ => "its owner always pays",
            });
        }

        if (isRegionMissing)
        {
            throw InputFailure.RegionMissing(bucket.Name);
        }

        string zone = bucket.ZoneId!;
        if (region is not null && ZonePrefixOf(region) is { } prefix && !zone.StartsWith(prefix + "-", StringComparison.Ordinal))
        {
            throw InputFailure.RegionNotOfZone(bucket.Name, zone, region);
        }
    }

    internal static void CheckCustomerKey(BucketType bucket)
    {
        if (bucket == BucketType.Directory)
        {
            throw InputFailure.NotForDirectoryBuckets("SseCustomerKey", NoCustomerKeys);
        }
    }

    internal static void CheckContentMD5(BucketType bucket)
    {
        if (bucket == BucketType.Directory)
        {
            throw InputFailure.NotForDirectoryBuckets("ContentMD5", "it knows no MD5");
        }
    }

    internal static void Check(UploadQuery query)
    {
        if (BucketAddress.Parse(query.BucketName).Type != BucketType.Directory)
        {
            return;
        }

        if (query.UploadIdMarker is not null)
        {
            throw InputFailure.NotForDirectoryBuckets("UploadIdMarker", "its lists continue after a key marker alone");
        }

        if (query.Delimiter is not (null or "/"))
        {
            throw InputFailure.NotForDirectoryBuckets($"The delimiter '{query.Delimiter}'", "its only delimiter is /");
        }

        if (query.Prefix is { Length: > 0 } prefix && !prefix.EndsWith('/'))
        {
            throw InputFailure.NotForDirectoryBuckets($"The prefix '{prefix}'", "a prefix there ends in /");
        }
    }

    private static bool IsContextOf(string context, string bucketName)
    {
        string json = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(context));
        return System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(json) is { Count: 1 } pairs
            && pairs.TryGetValue("aws:s3express:arn", out string? arn)
            && arn.StartsWith("arn:", StringComparison.Ordinal)
            && arn.EndsWith(":bucket/" + bucketName, StringComparison.Ordinal);
    }

    /// <summary>
    /// What the zone ids of a Region begin with: usw2 for us-west-2, apne1 for ap-northeast-1; null for another sort of name.
    /// </summary>
    private static string? ZonePrefixOf(string region)
    {
        string[] parts = region.Split('-');
        if (parts.Length < 3 || parts[0].Length != 2 || !parts[^1].All(char.IsAsciiDigit))
        {
            return null;
        }

        string middle = parts[^2] switch
        {
            "northeast" => "ne",
            "northwest" => "nw",
            "southeast" => "se",
            "southwest" => "sw",
            string direction => direction[..1],
        };
        return parts[0] + string.Concat(parts[1..^2].Select(part => part[..1])) + middle + parts[^1];
    }
}
