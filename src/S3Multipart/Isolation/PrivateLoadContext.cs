using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace S3Multipart.Isolation;

/// <summary>
/// Where the engine and the AWS SDK live. All builds of the SDK carry one assembly version, so in the default context the first one
/// loaded would be used for both and break one of them; here it is alone. Only Core is shared, so that the interfaces between the two
/// sides are the same types. An assembly that the module also brings precompiled for this platform is taken from the folder of that.
/// </summary>
internal sealed class PrivateLoadContext(string folder, Assembly shared) : AssemblyLoadContext(nameof(S3Multipart))
{
    private readonly string[] _folders = [Path.Combine(folder, Platform), folder];

    private static string Platform
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == shared.GetName().Name)
        {
            return shared;
        }

        string? path = _folders.Select(one => Path.Combine(one, assemblyName.Name + ".dll")).FirstOrDefault(File.Exists);
        return path is null ? null : LoadFromAssemblyPath(path);
    }
}
