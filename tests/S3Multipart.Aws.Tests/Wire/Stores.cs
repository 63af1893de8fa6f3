using S3Multipart.Core.Inputs;
using S3Multipart.Transfer;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>The engine's way to S3 as a cmdlet gets it, aimed at a server of this machine.</summary>
internal static class Stores
{
    internal const string AccessKey = "AKIAIOSFODNN7EXAMPLE";
    internal const string SecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    internal static readonly UploadTarget Target = new("bucket", "folder/key", "upload id");

    internal static IObjectStore At(string url, TimeSpan? timeout = null, string? token = null, Action<string>? warn = null,
        bool? onlyWhenRequired = null)
    {
        ConnectionSettings settings = new()
        {
            Keys = new AwsKeys(AccessKey, SecretKey, token),
            Region = "eu-west-1",
            EndpointUrl = url,
            MaxRetry = 0,
            ChecksumsOnlyWhenRequired = onlyWhenRequired,
            Timeout = timeout ?? TimeSpan.FromSeconds(60),
        };
        return ((StoreConnection)new AwsEngine().Connect(settings)).StoreWith(settings.Limits.Timeout, warn ?? (_ => { }));
    }
}
