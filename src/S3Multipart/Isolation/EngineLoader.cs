using System.Reflection;
using S3Multipart.Core.Engine;

namespace S3Multipart.Isolation;

/// <summary>Loads the engine when it is needed first, once for the process.</summary>
internal static class EngineLoader
{
    private const string EntryAssembly = "S3Multipart.Aws";

    private static readonly Lazy<IUploadEngine> s_engine = new(Load);

    internal static IUploadEngine Engine => s_engine.Value;

    private static IUploadEngine Load()
    {
        string module = Path.GetDirectoryName(typeof(EngineLoader).Assembly.Location)!;
        PrivateLoadContext context = new(Path.Combine(module, "private"), typeof(IUploadEngine).Assembly);
        Assembly entry = context.LoadFromAssemblyName(new AssemblyName(EntryAssembly));
        Type engine = entry.GetType($"{EntryAssembly}.AwsEngine", throwOnError: true)!;
        return (IUploadEngine)Activator.CreateInstance(engine, nonPublic: true)!;
    }
}
