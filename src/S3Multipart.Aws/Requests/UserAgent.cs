namespace S3Multipart.Aws.Requests;

/// <summary>How the module names itself to S3, whose access logs show it.</summary>
internal static class UserAgent
{
    internal static readonly string Text =
        $"S3Multipart/{typeof(UserAgent).Assembly.GetName().Version?.ToString(3)} .NET/{Environment.Version}";
}
