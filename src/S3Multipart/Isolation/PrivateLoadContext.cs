using System.Reflection;
using System.Runtime.Loader;

namespace S3Multipart.Isolation;

/// <summary>
/// Where the AWS SDK lives. All its builds carry one assembly version, so in the default context the first one loaded by anybody would
/// win and break the other; here it meets nobody. Core alone is shared, so that the interface between the two sides is one type.
/// </summary>
internal sealed class PrivateLoadContext(string folder, Assembly shared) : AssemblyLoadContext(nameof(S3Multipart))
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == shared.GetName().Name)
        {
            return shared;
        }

        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
