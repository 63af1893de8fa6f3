using System.Management.Automation;

namespace S3Multipart.Binding;

/// <summary>
/// Accepts only text as a path: any object has a text form, which a cmdlet would take for a path too. An object that is
/// piped then binds by its properties, as files do by theirs.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PathTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object bare = Bare(inputData);
        string?[] paths = bare is object[] list ? [.. list.Select(PathOf)] : [PathOf(bare)];

        // The engine takes this kind of failure for "does not bind" where the value was piped.
        return paths.Contains(null)
            ? throw new ArgumentTransformationMetadataException("A path is text.", new PSInvalidCastException("A path is text."))
            : paths;
    }

    private static string? PathOf(object? item) => Bare(item) switch
    {
        string text => text,
        FileSystemInfo file => file.FullName,
        _ => null,
    };

    private static object Bare(object? item) => Unwrapped.Of(item)!;
}
