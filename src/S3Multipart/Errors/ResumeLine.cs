using System.Text;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Errors;

/// <summary>
/// Lines that continue with an upload or end it, ready to be pasted into a shell. What a line cannot hold, such as a secret or a stream, is
/// named in a sentence before it.
/// </summary>
internal static class ResumeLine
{
    private const string SameLine = "To resume, run the same line again";

    /// <summary>How to resume all that a line was to send.</summary>
    internal static string Again(MultipartUpload upload) =>
        UploadState.Of(upload).Transfer.IsRepeatable ? SameLine + "." : SameLine + " (with -Resume on New-S3MultipartUpload).";

    /// <summary>How to send what is missing, and to complete the upload.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="complete">Parameters of Complete-S3MultipartUpload.</param>
    /// <param name="source">Where its bytes come from, where that is not what was tried.</param>
    internal static string Send(MultipartUpload upload, string complete = "", PartSource? source = null)
    {
        source ??= UploadState.Of(upload).Transfer.Source ?? (upload.LiteralPath is { } path ? new PartSource.File(path) : null);
        string size = upload.PartSize is long bytes ? " -PartSize " + Size(bytes) : "";
        string end = " | Complete-S3MultipartUpload" + (complete.Length == 0 && upload.NoClobber ? " -NoClobber" : complete);
        if (source is PartSource.Stream or PartSource.Bytes)
        {
            // Bytes that cannot be read again are the user's to send again, from their beginning, to the same upload.
            string how = source is PartSource.Stream ? "Open its stream again and give it as -InputStream to"
                : "Pipe its bytes again, from the beginning, into";
            return $"{Needs(upload)}{how} this line: Add-S3UploadPart -Upload ({Get(upload)}){size}{end}";
        }

        string first = source is null ? "Give its file as -LiteralPath to Add-S3UploadPart. " : "";
        string again = source is PartSource.File && upload.LiteralPath is not null && (UploadState.Of(upload).IsNew || upload.Resumed)
            ? $"{Again(upload)} Or, for this upload alone, to resume: "
            : "To resume: ";
        return $"{first}{Needs(upload)}{again}{Get(upload)} | Add-S3UploadPart{Parameters(source)}{size}{end}";
    }

    /// <summary>How to complete an upload of which S3 holds all parts.</summary>
    internal static string Complete(MultipartUpload upload, long? size, string complete)
    {
        string whole = size is long bytes ? Failure.Invariant($" -MpuObjectSize {bytes}") : "";
        return $"{Needs(upload)}To resume: {Get(upload)} | Complete-S3MultipartUpload{whole}{complete}";
    }

    /// <summary>The line that aborts the upload.</summary>
    internal static string Stop(MultipartUpload upload) => Get(upload) + " | Stop-S3MultipartUpload -Force";

    /// <summary>The line that shows the upload while it is in progress.</summary>
    internal static string Get(MultipartUpload upload) =>
        $"Get-S3MultipartUpload -BucketName {Quote(upload.BucketName)} -Key {Quote(upload.Key)} -UploadId "
            + $"{Quote(upload.Id)}{Place(upload)}";

    /// <summary>The line that lists what is in progress where this upload is.</summary>
    internal static string List(MultipartUpload upload) => $"Get-S3MultipartUpload -BucketName {Quote(upload.BucketName)}{Place(upload)}";

    internal static string List(string bucketName, S3Connection connection) =>
        $"Get-S3MultipartUpload -BucketName {Quote(bucketName)}{Place(connection)}";

    /// <summary>
    /// A value as a shell reads it back: bare where that is safe, else in single quotes. PowerShell takes the typographic quotes for
    /// single quotes too, so they are doubled like it.
    /// </summary>
    internal static string Quote(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or ':' or '-')
            && value[0] is not ('-' or '.')
            ? value
            : "'" + string.Concat(value.Select(c => c is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b' ? new string(c, 2)
                : c.ToString())) + "'";

    private static string Parameters(PartSource? source) => source switch
    {
        PartSource.File file => " -LiteralPath " + Quote(file.Path),
        PartSource.Copy { Object: var found } => $" -SourceBucketName {Quote(found.BucketName)} -SourceKey {Quote(found.Key)}"
            + (found.VersionId is null ? "" : " -SourceVersionId " + Quote(found.VersionId)),
        _ => "",
    };

    /// <summary>What the line needs and does not hold.</summary>
    private static string Needs(MultipartUpload upload)
    {
        ConnectionSettings? settings = UploadState.Of(upload).Connection?.Settings;
        string? keys = settings is null or { IsOfSession: true } ? null
            : settings.Keys is { SessionToken: null } ? "-AccessKey and -SecretKey"
            : settings.Keys is not null ? "-AccessKey, -SecretKey and -SessionToken"
            : settings.KeySource is not null ? "-Credential"
            : null;
        bool hasCustomerKey = UploadState.Of(upload).CustomerKey is not null || upload.Encryption == EncryptionInput.SseC;
        string[] secrets = [.. new[] { keys, hasCustomerKey ? "-SseCustomerKey" : null }.OfType<string>()];
        return secrets.Length == 0 ? ""
            : $"Give {string.Join(" and ", secrets)} to Get-S3MultipartUpload again, as they are not shown here. ";
    }

    private static string Place(MultipartUpload upload) => UploadState.Of(upload).Connection is { } connection ? Place(connection)
        : Option("-ProfileName", upload.ProfileName) + Option("-Region", upload.Region) + Option("-EndpointUrl", upload.EndpointUrl);

    /// <summary>How to get there, as far as it is no secret.</summary>
    private static string Place(S3Connection connection)
    {
        ConnectionSettings settings = connection.Settings;
        return string.Concat(
            Option("-ProfileName", connection.ProfileName),
            Option("-ProfileLocation", settings.ProfileLocation),
            Option("-Region", connection.IsRegionGuessed ? null : connection.Region),
            Option("-EndpointUrl", connection.EndpointUrl),
            Switch("-ForcePathStyleAddressing", settings.ForcePathStyle),
            Switch("-UseAccelerateEndpoint", settings.UseAccelerateEndpoint),
            Switch("-UseFipsEndpoint", settings.UseFipsEndpoint),
            Switch("-UseDualstackEndpoint", settings.UseDualstackEndpoint),
            Option("-ExpectedBucketOwner", settings.ExpectedBucketOwner),
            Option("-RequestPayer", settings.RequestPayer == true ? "requester" : null),
            Option("-RequestChecksumCalculation",
                settings.ChecksumsOnlyWhenRequired switch { true => "WhenRequired", false => "WhenSupported", _ => null }),
            Switch("-DisablePayloadSigning", settings.DisablePayloadSigning),
            Switch("-SkipCertificateCheck", settings.SkipCertificateCheck));
    }

    /// <summary>A size as one writes it: in the largest unit of which it is a whole number.</summary>
    private static string Size(long bytes) => bytes switch
    {
        > 0 when bytes % (1L << 30) == 0 => Failure.Invariant($"{bytes >> 30}GB"),
        > 0 when bytes % (1L << 20) == 0 => Failure.Invariant($"{bytes >> 20}MB"),
        > 0 when bytes % (1L << 10) == 0 => Failure.Invariant($"{bytes >> 10}KB"),
        _ => Failure.Invariant($"{bytes}"),
    };

    private static string Option(string name, string? value) => value is null ? "" : $" {name} {Quote(value)}";

    private static string Switch(string name, bool? value) => value switch { true => $" {name}", false => $" {name}:$false", _ => "" };
}
