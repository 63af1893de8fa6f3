namespace S3Multipart.Core.Planning;

/// <summary>The two forms that a path has on Windows: C:\folder, and that of a device, as in \\?\C:\folder.</summary>
internal static class WindowsPath
{
    internal const int DevicePrefixLength = 4;

    private const string Extended = @"\\?\";
    private const string Device = @"\\.\";

    internal static bool IsOfDevice(string path) =>
        path.StartsWith(Extended, StringComparison.Ordinal) || path.StartsWith(Device, StringComparison.Ordinal);
}
