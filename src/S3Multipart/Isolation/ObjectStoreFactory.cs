using System.Reflection;
using S3Multipart.Store;

namespace S3Multipart.Isolation;

/// <summary>Loads the AWS side of the module when the first request needs it, once for the process.</summary>
internal static class ObjectStoreFactory
{
    private const string EntryAssembly = "S3Multipart.Aws";
    private const string EntryType = "S3Multipart.Aws.AwsObjectStoreFactory";

    private static readonly Lazy<IObjectStoreFactory> s_instance = new(Load);

    internal static IObjectStoreFactory Instance => s_instance.Value;

    private static IObjectStoreFactory Load()
    {
        string module = Path.GetDirectoryName(typeof(ObjectStoreFactory).Assembly.Location)!;
        PrivateLoadContext context = new(Path.Combine(module, "private"), typeof(IObjectStoreFactory).Assembly);
        Assembly entry = context.LoadFromAssemblyName(new AssemblyName(EntryAssembly));
        return (IObjectStoreFactory)Activator.CreateInstance(entry.GetType(EntryType, throwOnError: true)!, nonPublic: true)!;
    }
}
