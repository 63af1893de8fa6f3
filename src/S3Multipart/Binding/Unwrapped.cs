using System.Management.Automation;

namespace S3Multipart.Binding;

/// <summary>The one unwrapping of what PowerShell hands over.</summary>
internal static class Unwrapped
{
    internal static object? Of(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
