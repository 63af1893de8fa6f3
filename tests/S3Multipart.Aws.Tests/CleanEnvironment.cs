using System.Collections;
using System.Runtime.CompilerServices;

namespace S3Multipart.Aws.Tests;

/// <summary>Nothing of this machine's own AWS set-up may reach a test, and no test may look for an instance's metadata service.</summary>
internal static class CleanEnvironment
{
    [ModuleInitializer]
    internal static void Make()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => (string)variable.Key))
        {
            if (name.StartsWith("AWS_", StringComparison.OrdinalIgnoreCase))
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }

        string nowhere = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", nowhere);
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", nowhere);
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
    }
}
