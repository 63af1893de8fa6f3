namespace S3Multipart.Core.Text;

/// <summary>The short form in which messages and errors name an object.</summary>
internal static class S3Uri
{
    internal static string Of(string bucketName, string? key = null) =>
        // A name that is refused because it is written so is not given that beginning twice.
        (bucketName.StartsWith("s3://", StringComparison.OrdinalIgnoreCase) ? bucketName : "s3://" + bucketName)
            + (key is null ? "" : "/" + PlainText.Of(key));
}
