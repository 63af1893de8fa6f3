namespace S3Multipart.Core.Planning;

/// <summary>The two forms that a path has on Windows: C:\folder, and that of a device, as in \\?\C:\folder.</summary>
internal static class WindowsPath
{
    internal const int DevicePrefixLength = 4;

    private const string Extended = @"\\?\";
    private const string Device = @"\\.\";
    private const string Server = @"\\";

    internal static bool IsOfDevice(string path) =>
        path.StartsWith(Extended, StringComparison.Ordinal) || path.StartsWith(Device, StringComparison.Ordinal);

    /// <summary>
    /// A full path as \\?\C:\folder, whichever form it has. Of this form Windows takes all characters as they are, so it names the same
    /// file only if the path was made full by Windows, or had this form.
    /// </summary>
    internal static string Extend(string path) =>
        path.StartsWith(Extended, StringComparison.Ordinal) ? path
        : path.StartsWith(Device, StringComparison.Ordinal) ? string.Concat(Extended, path.AsSpan(Device.Length))
        : path.StartsWith(Server, StringComparison.Ordinal) ? string.Concat(Extended, @"UNC\", path.AsSpan(Server.Length))
        : Extended + path;
}
