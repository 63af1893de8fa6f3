using System.Reflection;
using S3Multipart.Store;

namespace S3Multipart.Isolation;

/// <summary>Loads the AWS side of the module when it is needed first, once for the process.</summary>
internal static class ObjectStoreFactory
{
    private const string EntryAssembly = "S3Multipart.Aws";

    private static readonly Lazy<Assembly> s_entry = new(Load);
    private static readonly Lazy<IObjectStoreFactory> s_instance = new(() => Make<IObjectStoreFactory>("AwsObjectStoreFactory"));
    private static readonly Lazy<INameSource> s_names = new(() => Make<INameSource>("AwsNameSource"));

    internal static IObjectStoreFactory Instance => s_instance.Value;

    internal static INameSource Names => s_names.Value;

    private static T Make<T>(string type) =>
        (T)Activator.CreateInstance(s_entry.Value.GetType($"{EntryAssembly}.{type}", throwOnError: true)!, nonPublic: true)!;

    private static Assembly Load()
    {
        string module = Path.GetDirectoryName(typeof(ObjectStoreFactory).Assembly.Location)!;
        PrivateLoadContext context = new(Path.Combine(module, "private"), typeof(IObjectStoreFactory).Assembly);
        return context.LoadFromAssemblyName(new AssemblyName(EntryAssembly));
    }
}
