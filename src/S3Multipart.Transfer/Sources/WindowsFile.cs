using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Planning;

namespace S3Multipart.Transfer.Sources;

/// <summary>What a path means to Windows: a device in any folder, or a file that is listed with another name.</summary>
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

    // Where a WIN32_FIND_DATAW has the name, which is of 260 characters at most and ends with a zero.
    private const int FoundSize = 592;
    private const int FoundName = 44;
    private const int FoundNameLength = 260;

    private const int MemoMilliseconds = 1000;
    private static volatile Memo? s_memo;

    /// <summary>The handle of a regular file, which others may read and write meanwhile. Fails for all else.</summary>
    internal static SafeFileHandle OpenRegular(string path)
    {
        // Checked before it is opened, because opening alone makes some devices act; and after, because not all show by their names.
        if (IsDevice(path))
        {
            throw SourceFailure.FileNotRegular(path);
        }

        // Only with this sharing does Windows open a file that another program writes to; a change meanwhile is detected.
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.Asynchronous);
        if (GetFileType(handle) == TypeDisk)
        {
            return handle;
        }

        handle.Dispose();
        throw SourceFailure.FileNotRegular(path);
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
        HeldByAnother or LockedByAnother => SourceFailure.FileLocked(path, e),
        NameInvalid or PathNameInvalid or NameTooLong or FolderNameInvalid =>
            SourceFailure.PathInvalid(path, Marshal.GetPInvokeErrorMessage(e.HResult & 0xFFFF)),
        _ => SourceFailure.FileNotReadable(path, e),
    };

    /// <summary>
    /// The path with the names that the folders list: in their letter case, and without the dots and blanks at their ends that Windows
    /// passes over. What is not found stays as it is. No link is followed.
    /// </summary>
    internal static string Listed(string path)
    {
        string full = Path.GetFullPath(path);
        string root = Path.GetPathRoot(full)!;

        if (IsDevice(full))
        {
            return path;
        }

        // To the listing some characters are wildcards that no name can have, and it would find other files.
        if (full.AsSpan(root.Length).ContainsAny("*?<>\""))
        {
            return full;
        }

        string bare = Path.TrimEndingDirectorySeparator(full);
        string listed = bare.Length <= root.Length ? bare
            : Path.Join(ListedFolder(Path.GetDirectoryName(bare)!, root), NameIn(Path.GetDirectoryName(bare)!, Path.GetFileName(bare)));
        return bare.Length == full.Length ? listed : listed + Path.DirectorySeparatorChar;
    }

    /// <summary>The same of a folder. Many files come from one, and each name in it costs a request where it is on a server.</summary>
    private static string ListedFolder(string folder, string root)
    {
        if (folder.Length <= root.Length)
        {
            return folder;
        }

        if (s_memo is { } memo && memo.Folder == folder && Environment.TickCount64 - memo.At < MemoMilliseconds)
        {
            return memo.Listed;
        }

        string above = Path.GetDirectoryName(folder)!;
        string listed = Path.Join(ListedFolder(above, root), NameIn(above, Path.GetFileName(folder)));
        s_memo = new Memo(folder, listed, Environment.TickCount64);
        return listed;
    }

    private static string NameIn(string folder, string name)
    {
        Span<byte> found = stackalloc byte[FoundSize];
        nint search = FindFirstFile(WindowsPath.Extend(Path.Join(folder, name)), found);
        if (search == -1)
        {
            return name;
        }

        _ = FindClose(search);
        ReadOnlySpan<char> text = MemoryMarshal.Cast<byte, char>(found.Slice(FoundName, FoundNameLength * sizeof(char)));
        return text[..text.IndexOf('\0')].ToString();
    }

    [LibraryImport("kernel32")]
    private static partial uint GetFileType(SafeFileHandle file);

    [LibraryImport("kernel32", EntryPoint = "FindFirstFileW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial nint FindFirstFile(string path, Span<byte> found);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FindClose(nint search);

    /// <summary>What was listed a moment ago.</summary>
    private sealed record Memo(string Folder, string Listed, long At);
}
