using S3Multipart.Core.Errors;

namespace S3Multipart.Core.Inputs;

/// <summary>Inputs that are refused before any request, each with an id of its own.</summary>
internal static class InputFailure
{
    internal static S3MultipartException HeaderValueInvalid(string input, string why) =>
        new(nameof(HeaderValueInvalid), FailureKind.InvalidArgument, $"The value of {input} cannot be sent: {why}.")
        {
            RecommendedAction = "Leave out line breaks and control characters.",
        };

    internal static S3MultipartException MetadataNameInvalid(string name) =>
        new(nameof(MetadataNameInvalid), FailureKind.InvalidArgument,
            $"'{name}' cannot be a name of metadata: it becomes part of a header's name, so it takes letters, digits and !#$%&'*+-.^_`|~ "
                + $"only.")
        {
            RecommendedAction = "Use letters, digits and hyphens, as in @{ 'taken-by' = 'me' }.",
        };

    internal static S3MultipartException MetadataNameTwice(string name) =>
        new(nameof(MetadataNameInvalid), FailureKind.InvalidArgument,
            $"The metadata has the name '{name}' twice; S3 does not distinguish capital letters from small ones.")
        {
            RecommendedAction = "Give names that differ in more than their case.",
        };

    internal static S3MultipartException MetadataValueInvalid(string name) =>
        new(nameof(MetadataValueInvalid), FailureKind.InvalidArgument,
            $"The value of the metadata '{name}' has a line break, a tab or another control character, which no header takes.")
        {
            RecommendedAction = "Leave the control characters out; other characters of any language are encoded for S3.",
        };

    internal static S3MultipartException MetadataTooLarge(int bytes) =>
        new(nameof(MetadataTooLarge), FailureKind.LimitsExceeded,
            Failure.Invariant($"The metadata has {bytes:N0} bytes; S3 takes 2,048 for all names and values together."))
        {
            RecommendedAction = "Keep what is long elsewhere, such as in an object of its own, and its key in the metadata.",
        };

    internal static S3MultipartException TagInvalid(string why) =>
        new(nameof(TagInvalid), FailureKind.InvalidArgument, $"The tags cannot be sent: {why}.")
        {
            RecommendedAction = "Give at most 10 tags, with names of up to 128 and values of up to 256 letters, digits, spaces and + - = "
                + ". _ : / @.",
        };

    internal static S3MultipartException GranteeInvalid(string text) =>
        new(nameof(GranteeInvalid), FailureKind.InvalidArgument,
            $"'{text}' is not a grantee; write id=\"CANONICAL-USER-ID\" or uri=\"GROUP-URI\".")
        {
            RecommendedAction = "Give the canonical user id of the account, which 'aws s3api list-buckets' shows as the owner, or the "
                + "URI of a group.",
        };

    internal static S3MultipartException EmailGranteeRetired(string address) =>
        new(nameof(EmailGranteeRetired), FailureKind.NotImplemented,
            $"The grant to '{address}' was refused: since October 1, 2025 S3 takes no grants to e-mail addresses (405 MethodNotAllowed).")
        {
            RecommendedAction = "Grant to the account's canonical user id instead: id=\"...\".",
        };

    internal static S3MultipartException StorageClassNotForClients(string name, string why) =>
        new(nameof(StorageClassNotForClients), FailureKind.InvalidArgument, $"The storage class {name} cannot be requested: {why}.")
        {
            RecommendedAction = "Choose another; Tab completes those that there are.",
        };

    internal static S3MultipartException AclAndGrants() =>
        new(nameof(AclAndGrants), FailureKind.InvalidArgument, "S3 takes either a canned ACL or grants, not both.")
        {
            RecommendedAction = "Give -CannedACL, or the -Grant parameters.",
        };

    internal static S3MultipartException ObjectLockIncomplete() =>
        new(nameof(ObjectLockIncomplete), FailureKind.InvalidArgument, "-ObjectLockMode and -ObjectLockRetainUntilDate go together.")
        {
            RecommendedAction = "Give both, as in -ObjectLockMode GOVERNANCE -ObjectLockRetainUntilDate (Get-Date).AddYears(1).",
        };

    internal static S3MultipartException RetainUntilDateInPast(DateTime date) =>
        new(nameof(RetainUntilDateInPast), FailureKind.InvalidArgument,
            Failure.Invariant($"-ObjectLockRetainUntilDate must be in the future; {date:u} is not."))
        {
            RecommendedAction = "Give a later date, as in (Get-Date).AddYears(1).",
        };

    internal static S3MultipartException RedirectInvalid() =>
        new(nameof(RedirectInvalid), FailureKind.InvalidArgument, "-WebsiteRedirectLocation begins with /, http:// or https://.")
        {
            RecommendedAction = "Write /KEY for an object of the same bucket, or a whole URL for another site.",
        };

    internal static S3MultipartException ChecksumCombinationInvalid(string algorithm, string type) =>
        new(nameof(ChecksumCombinationInvalid), FailureKind.InvalidArgument,
            $"S3 has no {type} checksums with {algorithm}: CRC64NVME is FULL_OBJECT only, CRC32 and CRC32C are either, all others are "
                + "COMPOSITE only.")
        {
            RecommendedAction = "Leave -ChecksumType out to have the one that goes with the algorithm.",
        };

    internal static S3MultipartException ChecksumNotForDirectoryBuckets(string algorithm, string type) =>
        NotForDirectoryBuckets($"{algorithm} as {type}",
            "the checksums of directory buckets are CRC32, CRC32C, SHA1 and SHA256 as COMPOSITE, and CRC64NVME as FULL_OBJECT");

    internal static S3MultipartException NotForDirectoryBuckets(string input, string rule) =>
        new(nameof(NotForDirectoryBuckets), FailureKind.InvalidArgument, $"{input} is not for a directory bucket: {rule}.")
        {
            RecommendedAction = "Leave it out, or use a general purpose bucket: see about_S3Multipart_DirectoryBuckets.",
        };

    internal static S3MultipartException OnlyForDirectoryBuckets(string input) =>
        new(nameof(OnlyForDirectoryBuckets), FailureKind.InvalidArgument, $"{input} works with directory buckets only.")
        {
            RecommendedAction = "Leave it out.",
        };

    internal static S3MultipartException EndpointInvalid(string url) =>
        new(nameof(EndpointInvalid), FailureKind.InvalidArgument, $"'{url}' is not an endpoint; write it with http:// or https://.")
        {
            RecommendedAction = "Write it like https://s3.example.com or http://127.0.0.1:9000; for Amazon S3 leave it out and give "
                + "-Region.",
        };

    internal static S3MultipartException EndpointHasCredentials() =>
        new(nameof(EndpointHasCredentials), FailureKind.InvalidArgument,
            "The endpoint's URL has a user or a password in it, which S3 does not take there.")
        {
            RecommendedAction = "Leave them out of -EndpointUrl (or AWS_ENDPOINT_URL, or the profile's endpoint_url), "
                + "and give the keys as -AccessKey and -SecretKey, or in a profile.",
        };

    internal static S3MultipartException RegionMissing(string bucketName) =>
        new(nameof(RegionMissing), FailureKind.InvalidArgument,
            $"The directory bucket '{bucketName}' is reached at its zone's endpoint, for which a -Region is needed.")
        {
            RecommendedAction = "Give -Region, that of the zone; or name one in the profile or in AWS_REGION.",
        };

    internal static S3MultipartException RegionNotOfZone(string bucketName, string zone, string region) =>
        new(nameof(RegionNotOfZone), FailureKind.InvalidArgument,
            $"The directory bucket '{bucketName}' is in the zone {zone}, which is not in the Region {region}.")
        {
            RecommendedAction = "Give the Region of the zone as -Region, or check the name of the bucket.",
        };

    internal static S3MultipartException CustomerKeyDiffers(string target, string md5) =>
        new(nameof(CustomerKeyDiffers), FailureKind.InvalidArgument,
            $"The customer key is not that of the upload of '{target}', whose key has the MD5 {md5}.")
        {
            RecommendedAction = "Give the key that the upload was begun with as -SseCustomerKey: S3 takes every part with the same.",
        };

    internal static S3MultipartException CustomerKeyMissing(string target) =>
        new(nameof(CustomerKeyMissing), FailureKind.InvalidArgument,
            $"The upload of '{target}' has a customer key (SSE-C), without which S3 takes no parts.")
        {
            RecommendedAction = "Give the key that the upload was begun with as -SseCustomerKey; it never travels with the upload.",
        };

    internal static S3MultipartException PlainHttpRefused() =>
        new(nameof(PlainHttpRefused), FailureKind.SecurityError,
            "With a customer key or KMS encryption nothing is sent over plain http to another machine: the key and the data could "
                + "be read on the way.")
        {
            RecommendedAction = "Use an https endpoint, or if the network is safe -Force, which on Send-S3File is "
                + "-AllowUnencryptedAuthentication.",
        };

    internal static S3MultipartException CaBundleInvalid(string path, string why) =>
        new(nameof(CaBundleInvalid), FailureKind.InvalidArgument, $"The certificates in '{path}' cannot be used: {why}")
        {
            RecommendedAction = "Give AWS_CA_BUNDLE, or ca_bundle in the profile, a file with the certificates of authorities in PEM form; "
                + "or remove it to trust what the system trusts.",
        };
}
