using System.Text;

namespace S3Multipart.Transfer;

/// <summary>The line that goes on with an upload, ready to be pasted into a shell.</summary>
internal static class ResumeLine
{
    /// <param name="upload">The upload to go on with.</param>
    /// <param name="source">Where its bytes come from, where that is not what was tried.</param>
    internal static string For(MultipartUpload upload, string? source = null)
    {
        // Bytes that cannot be read again are the user's to send again, from their beginning, to the same upload.
        bool isOnce = source is null && upload.Progress.Source is { } from
            && (from.StartsWith("-InputStream", StringComparison.Ordinal) || from.StartsWith("-Value", StringComparison.Ordinal));
        StringBuilder line = new(isOnce
            ? "Send its input again from the beginning: Add-S3UploadPart -Upload (Get-S3MultipartUpload -BucketName "
            : "Go on with: Get-S3MultipartUpload -BucketName ");
        _ = line.Append(Quote(upload.BucketName))
            .Append(" -Key ").Append(Quote(upload.Key)).Append(" -UploadId ").Append(Quote(upload.UploadId));
        AppendPlace(line, upload);
        _ = line.Append(isOnce ? ") " : " | Add-S3UploadPart ")
            .Append(source ?? upload.Progress.Source ?? FileSource(upload.LiteralPath ?? "FILE"));
        if (upload.PartSize is long size)
        {
            _ = line.Append(Failure.Invariant($" -PartSize {size}"));
        }

        string customerKey = upload.CustomerKey is null && upload.Encryption != Encryption.EncryptionInput.SseC
            ? "" : " -SseCustomerKey $key";
        return line.Append(customerKey).Append(" | Complete-S3MultipartUpload").ToString();
    }

    /// <summary>The line that lists what is in progress where this upload is.</summary>
    internal static string ListOf(MultipartUpload upload)
    {
        StringBuilder line = new("Get-S3MultipartUpload -BucketName " + Quote(upload.BucketName));
        AppendPlace(line, upload);
        return line.ToString();
    }

    /// <summary>How to get there; keys that were given are named, not told.</summary>
    private static void AppendPlace(StringBuilder line, MultipartUpload upload)
    {
        Option("-ProfileName", upload.ProfileName);
        Option("-Region", upload.Region);
        Option("-EndpointUrl", upload.EndpointUrl);
        if (upload.Connection?.Settings.Keys is not null)
        {
            _ = line.Append(" -AccessKey $accessKey -SecretKey $secretKey");
        }

        void Option(string name, string? value)
        {
            if (value is not null)
            {
                _ = line.Append(' ').Append(name).Append(' ').Append(Quote(value));
            }
        }
    }

    internal static string FileSource(string path) => "-LiteralPath " + Quote(path);

    internal static string CopySource(Store.CopySource source) =>
        $"-SourceBucketName {Quote(source.BucketName)} -SourceKey {Quote(source.Key)}"
            + (source.VersionId is null ? "" : " -SourceVersionId " + Quote(source.VersionId));

    /// <summary>
    /// A value as a shell reads it back: bare where that is safe, else in single quotes. PowerShell takes the typographic quotes for
    /// single quotes too, so they are doubled like it.
    /// </summary>
    internal static string Quote(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or ':' or '-')
            && value[0] is not ('-' or '.')
            ? value
            : "'" + string.Concat(
                value.Select(c => c is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b' ? new string(c, 2) : c.ToString())) + "'";
}
