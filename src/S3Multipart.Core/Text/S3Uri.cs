namespace S3Multipart.Core.Text;

/// <summary>The short form in which messages and errors name an object.</summary>
internal static class S3Uri
{
    internal static string Of(string bucketName, string? key = null) =>
        key is null ? $"s3://{bucketName}" : $"s3://{bucketName}/{PlainText.Of(key)}";
}
