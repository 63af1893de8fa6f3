namespace S3Multipart.Core.Objects;

/// <summary>The values of <see cref="CompletedUpload.Outcome"/>: text, because an enumeration comes out of JSON as a number.</summary>
internal static class UploadOutcome
{
    internal const string Uploaded = nameof(Uploaded);
    internal const string Resumed = nameof(Resumed);
    internal const string Unchanged = nameof(Unchanged);
}
