using System.Reflection;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Internal;

namespace S3Multipart.Aws.Identity;

/// <summary>
/// Where the SDK looks for profiles when no location is given. It reads AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE once in a process;
/// a shell may set them at any time.
/// </summary>
internal static class ProfileFiles
{
    private static readonly Lock s_gate = new();

    private static readonly (string Variable, string Name, PropertyInfo? Path)[] s_files =
    [
        ("AWS_CONFIG_FILE", "config", Find("DefaultConfigFilePath")),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials", Find(nameof(SharedCredentialsFile.DefaultFilePath))),
    ];

    /// <summary>Makes the SDK look where the environment says now.</summary>
    internal static void Follow()
    {
        lock (s_gate)
        {
            bool isChanged = false;
            foreach ((string variable, string name, PropertyInfo? path) in s_files)
            {
                string wanted = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given
                    ? given : Path.Combine(SharedCredentialsFile.DefaultDirectory, name);
                if (path is not null && (string?)path.GetValue(null) != wanted)
                {
                    path.SetValue(null, wanted);
                    isChanged = true;
                }
            }

            if (isChanged)
            {
                FallbackInternalConfigurationFactory.Reset();
            }
        }
    }

    private static PropertyInfo? Find(string name) => typeof(SharedCredentialsFile).GetProperty(
        name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic) is { CanWrite: true } found ? found : null;
}
