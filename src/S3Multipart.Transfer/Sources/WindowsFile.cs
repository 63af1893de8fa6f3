using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Planning;

namespace S3Multipart.Transfer.Sources;

/// <summary>What a path means to Windows: a device in any folder, or a file.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsFile
{
    private const uint TypeDisk = 1;

    private const int HeldByAnother = 32;
    private const int LockedByAnother = 33;
    private const int NameInvalid = 123;
    private const int PathNameInvalid = 161;
    private const int NameTooLong = 206;
    private const int FolderNameInvalid = 267;

    /// <summary>The handle of a regular file, which others may read and write meanwhile. Fails for all else.</summary>
    internal static SafeFileHandle OpenRegular(string path)
    {
        // Checked before it is opened, because opening alone makes some devices act; and after, because not all show by their names.
        if (IsDevice(path))
        {
            throw Failure.FileNotRegular(path);
        }

        // Only with this sharing does Windows open a file that another program writes to; a change meanwhile is detected.
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.Asynchronous);
        if (GetFileType(handle) == TypeDisk)
        {
            return handle;
        }

        handle.Dispose();
        throw Failure.FileNotRegular(path);
    }

    /// <summary>True for NUL and the like in any folder, for \\.\PhysicalDrive0 and for a pipe. Windows itself knows the names.</summary>
    internal static bool IsDevice(string path)
    {
        string full = Path.GetFullPath(path);
        return WindowsPath.IsOfDevice(full)
            && (full.IndexOf('\\', WindowsPath.DevicePrefixLength) < 0
                || full.AsSpan(WindowsPath.DevicePrefixLength).StartsWith(@"pipe\", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What it means that a file cannot be opened or read.</summary>
    internal static S3MultipartException FailureOf(string path, Exception e) => (e.HResult & 0xFFFF) switch
    {
        HeldByAnother or LockedByAnother => Failure.FileLocked(path, e),
        NameInvalid or PathNameInvalid or NameTooLong or FolderNameInvalid =>
            Failure.PathInvalid(path, Marshal.GetPInvokeErrorMessage(e.HResult & 0xFFFF)),
        _ => Failure.FileNotReadable(path, e),
    };

    [LibraryImport("kernel32")]
    private static partial uint GetFileType(SafeFileHandle file);
}
