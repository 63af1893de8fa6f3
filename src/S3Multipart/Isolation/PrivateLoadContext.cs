using System.Reflection;
using System.Runtime.Loader;

namespace S3Multipart.Isolation;

/// <summary>
/// Where the engine and the AWS SDK live. All builds of the SDK carry one assembly version, so in the default context the first one
/// loaded would be used for both and break one of them; here it is alone. Only Core is shared, so that the interfaces between the two
/// sides are the same types.
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
