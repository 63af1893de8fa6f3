using System.Collections;
using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Inputs;

namespace S3Multipart.Commands;

/// <summary>The parameters that say what the object will be.</summary>
public sealed partial class NewS3MultipartUploadCommand
{
    /// <summary>
    /// <para type="description">The object's media type. Default: by the extension of the file, or of the key.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ContentType { get; set; }

    /// <summary>
    /// <para type="description">User metadata: names and values, 2,048 bytes in all. Values other than printable ASCII go as RFC 2047 has
    /// it, as S3 documents.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Metadata { get; set; }

    /// <summary>
    /// <para type="description">Tags: up to 10 names (128 characters) and values (256 characters).</para>
    /// </summary>
    [Parameter]
    [Alias("TagSet", "Tagging")]
    [ValidateNotNull]
    public IDictionary? Tag { get; set; }

    /// <summary>
    /// <para type="description">The storage class, such as STANDARD_IA. Default: the bucket's.</para>
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(StorageClassCompleter))]
    [ValidateNotNullOrEmpty]
    public string? StorageClass { get; set; }

    /// <summary>
    /// <para type="description">A canned ACL, such as bucket-owner-full-control. The bucket must have ACLs enabled.</para>
    /// </summary>
    [Parameter]
    [Alias("ACL", "CannedACLName")]
    [ArgumentCompleter(typeof(CannedAclCompleter))]
    [ValidateNotNullOrEmpty]
    public string? CannedACL { get; set; }

    /// <summary>
    /// <para type="description">Who gets all permissions: id="CANONICAL-USER-ID" or uri="GROUP-URI". E-mail addresses are retired.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? GrantFullControl { get; set; }

    /// <summary>
    /// <para type="description">Who may read the object and its metadata.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? GrantRead { get; set; }

    /// <summary>
    /// <para type="description">Who may read the object's ACL.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? GrantReadACP { get; set; }

    /// <summary>
    /// <para type="description">Who may write the object's ACL.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? GrantWriteACP { get; set; }

    /// <summary>
    /// <para type="description">The header Cache-Control that the object is served with.</para>
    /// </summary>
    [Parameter]
    public string? CacheControl { get; set; }

    /// <summary>
    /// <para type="description">The header Content-Disposition that the object is served with.</para>
    /// </summary>
    [Parameter]
    public string? ContentDisposition { get; set; }

    /// <summary>
    /// <para type="description">The header Content-Encoding that the object is served with, such as gzip; the bytes are not changed.</para>
    /// </summary>
    [Parameter]
    public string? ContentEncoding { get; set; }

    /// <summary>
    /// <para type="description">The header Content-Language that the object is served with.</para>
    /// </summary>
    [Parameter]
    public string? ContentLanguage { get; set; }

    /// <summary>
    /// <para type="description">The header Expires that the object is served with: when caches shall forget it.</para>
    /// </summary>
    [Parameter]
    [Alias("Expire")]
    public DateTime? Expires { get; set; }

    /// <summary>
    /// <para type="description">Where a bucket that is a website redirects requests for the object: /key, or a URL.</para>
    /// </summary>
    [Parameter]
    public string? WebsiteRedirectLocation { get; set; }

    /// <summary>
    /// <para type="description">GOVERNANCE or COMPLIANCE; goes with ObjectLockRetainUntilDate, in a bucket with object lock.</para>
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(ObjectLockModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ObjectLockMode { get; set; }

    /// <summary>
    /// <para type="description">Until when the object cannot be deleted.</para>
    /// </summary>
    [Parameter]
    public DateTime? ObjectLockRetainUntilDate { get; set; }

    /// <summary>
    /// <para type="description">ON puts a legal hold on the object.</para>
    /// </summary>
    [Parameter]
    [ValidateSet("ON", "OFF")]
    public string? ObjectLockLegalHoldStatus { get; set; }

    /// <summary>
    /// <para type="description">The checksum of each part: CRC64NVME (default), CRC32, CRC32C, SHA1 or SHA256. Directory buckets: CRC32C
    /// by default, and no CRC64NVME.</para>
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(ChecksumAlgorithmCompleter))]
    [ValidateSet("CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256")]
    public string? ChecksumAlgorithm { get; set; }

    /// <summary>
    /// <para type="description">FULL_OBJECT (over all bytes; CRC64NVME, CRC32, CRC32C) or COMPOSITE (over the parts' checksums; all but
    /// CRC64NVME). Default: FULL_OBJECT where the algorithm has it.</para>
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
