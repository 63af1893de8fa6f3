using System.Text;

namespace S3Multipart.Transfer;

/// <summary>The line that goes on with an upload, ready to be pasted into a shell.</summary>
internal static class ResumeLine
{
    internal static string For(MultipartUpload upload)
    {
        // Bytes that cannot be read again are the user's to send again, from their beginning, to the same upload.
        bool isOnce = upload.Progress.Source is { } from && (from.StartsWith("-InputStream", StringComparison.Ordinal) || from.StartsWith("-Value", StringComparison.Ordinal));
        StringBuilder line = new(isOnce
            ? "Send its input again from the beginning: Add-S3UploadPart -Upload (Get-S3MultipartUpload -BucketName "
            : "Go on with: Get-S3MultipartUpload -BucketName ");
        _ = line.Append(Quote(upload.BucketName)).Append(" -Key ").Append(Quote(upload.Key)).Append(" -UploadId ").Append(Quote(upload.UploadId));
        Option("-ProfileName", upload.ProfileName);
        Option("-Region", upload.Region);
        Option("-EndpointUrl", upload.EndpointUrl);
        _ = line.Append(isOnce ? ") " : " | Add-S3UploadPart ").Append(upload.Progress.Source ?? FileSource(upload.LiteralPath ?? "FILE"));
        if (upload.PartSize is long size)
        {
            _ = line.Append(Failure.Invariant($" -PartSize {size}"));
        }

        return line.Append(" | Complete-S3MultipartUpload").ToString();

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
        $"-SourceBucketName {Quote(source.BucketName)} -SourceKey {Quote(source.Key)}" + (source.VersionId is null ? "" : " -SourceVersionId " + Quote(source.VersionId));

    /// <summary>A value as a shell reads it back: bare where that is safe, else in single quotes.</summary>
    private static string Quote(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or ':' or '-') && value[0] is not ('-' or '.')
            ? value
            : "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";
}
