using System.Collections;
using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Commands;

/// <summary>The parameters that say what the object will be.</summary>
public abstract partial class S3UploadCmdlet
{
    /// <summary>The object's media type.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ContentType { get; set; }

    /// <summary>User metadata: names and values, 2,048 bytes in all.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Metadata { get; set; }

    /// <summary>Tags: up to 10 names (128 characters) and values (256 characters).</summary>
    [Parameter]
    [Alias("TagSet", "Tagging")]
    [ValidateNotNull]
    public IDictionary? Tag { get; set; }

    /// <summary>The storage class, such as STANDARD_IA.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(StorageClassCompleter))]
    [ValidateNotNullOrEmpty]
    public string? StorageClass { get; set; }

    /// <summary>A canned ACL, such as bucket-owner-full-control.</summary>
    [Parameter]
    [Alias("ACL", "CannedACLName")]
    [ArgumentCompleter(typeof(CannedAclCompleter))]
    [ValidateNotNullOrEmpty]
    public string? CannedACL { get; set; }

    /// <summary>Who gets all permissions: id="CANONICAL-USER-ID" or uri="GROUP-URI".</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? GrantFullControl { get; set; }

    /// <summary>Who may read the object and its metadata.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? GrantRead { get; set; }

    /// <summary>Who may read the object's ACL.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? GrantReadACP { get; set; }

    /// <summary>Who may write the object's ACL.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? GrantWriteACP { get; set; }

    /// <summary>The header Cache-Control that the object is served with.</summary>
    [Parameter]
    public string? CacheControl { get; set; }

    /// <summary>The header Content-Disposition that the object is served with.</summary>
    [Parameter]
    public string? ContentDisposition { get; set; }

    /// <summary>The header Content-Encoding that the object is served with, such as gzip; the bytes are not changed.</summary>
    [Parameter]
    public string? ContentEncoding { get; set; }

    /// <summary>The header Content-Language that the object is served with.</summary>
    [Parameter]
    public string? ContentLanguage { get; set; }

    /// <summary>The header Expires that the object is served with: when caches shall forget it.</summary>
    [Parameter]
    [Alias("Expire")]
    public DateTime? Expires { get; set; }

    /// <summary>Where a bucket that is a website redirects requests for the object: /key, or a URL.</summary>
    [Parameter]
    public string? WebsiteRedirectLocation { get; set; }

    /// <summary>GOVERNANCE or COMPLIANCE; goes with ObjectLockRetainUntilDate, in a bucket with object lock.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ObjectLockModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ObjectLockMode { get; set; }

    /// <summary>Until when the object cannot be deleted.</summary>
    [Parameter]
    public DateTime? ObjectLockRetainUntilDate { get; set; }

    /// <summary>ON puts a legal hold on the object.</summary>
    [Parameter]
    [ValidateSet("ON", "OFF")]
    public string? ObjectLockLegalHoldStatus { get; set; }

    /// <summary>
    /// The checksum of each part: CRC64NVME (default), CRC32, CRC32C, SHA1, SHA256, SHA512, MD5, XXHASH64, XXHASH3 or XXHASH128.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(ChecksumAlgorithmCompleter))]
    [ValidateSet("CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256", "SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128")]
    public string? ChecksumAlgorithm { get; set; }

    /// <summary>
    /// FULL_OBJECT (over all bytes; CRC64NVME, CRC32, CRC32C) or COMPOSITE (over the parts' checksums; all but CRC64NVME).
    /// </summary>
    [Parameter]
    [ValidateSet("FULL_OBJECT", "COMPOSITE")]
    public string? ChecksumType { get; set; }

    private ObjectInput ReadObject() => InputRules.Normalise(new ObjectInput
    {
        CannedAcl = CannedACL,
        Grants =
        [
            .. Grants(GrantPermission.FullControl, GrantFullControl),
            .. Grants(GrantPermission.Read, GrantRead),
            .. Grants(GrantPermission.ReadAcp, GrantReadACP),
            .. Grants(GrantPermission.WriteAcp, GrantWriteACP),
        ],
        CacheControl = CacheControl,
        ContentDisposition = ContentDisposition,
        ContentEncoding = ContentEncoding,
        ContentLanguage = ContentLanguage,
        ContentType = ContentType,
        Expires = Expires,
        Metadata = TextTable.Read(Metadata),
        Tags = TextTable.Read(Tag),
        StorageClass = StorageClass,
        WebsiteRedirectLocation = WebsiteRedirectLocation,
        ObjectLockMode = ObjectLockMode,
        ObjectLockRetainUntilDate = ObjectLockRetainUntilDate,
        ObjectLockLegalHoldStatus = ObjectLockLegalHoldStatus,
    });

    private static IEnumerable<Grant> Grants(GrantPermission permission, string[]? grantees) =>
        (grantees ?? []).Select(text => Grant.Parse(permission, text));
}
