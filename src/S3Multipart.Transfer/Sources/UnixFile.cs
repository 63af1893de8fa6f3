using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using S3Multipart.Core.Errors;

namespace S3Multipart.Transfer.Sources;

/// <summary>
/// Opens a file without waiting and without touching a device. .NET cannot: its opening of a pipe lasts until a program writes
/// to it and cannot be cancelled, and it does not distinguish a device from a file.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixFile
{
    private const int TypeMask = 0xF000;
    private const int TypeFolder = 0x4000;
    private const int TypeRegular = 0x8000;

    private const int NotThere = 2;
    private const int NotFolder = 20;
    private const int NotAllowed = 13;
    private const int TooLong = 36;
    private const int TooLongOnMac = 63;
    private const int WouldWait = 11;
    private const int WouldWaitOnMac = 35;

    private const int SharedLock = 1;
    private const int DoNotWait = 4;

    /// <summary>The handle of a regular file, which others may read meanwhile. Fails for all else.</summary>
    internal static SafeFileHandle OpenRegular(string path)
    {
        // Checked before it is opened, because opening alone makes some devices act; and after, because it may have been replaced.
        CheckType(path, TypeAt(path, handle: null));
        SafeFileHandle handle = OpenNow(path);
        try
        {
            CheckType(path, TypeAt(path, handle));
            // As .NET does it, so that a file that another .NET program holds for itself is not read.
            if (Flock(handle, SharedLock | DoNotWait) != 0 && Marshal.GetLastPInvokeError() is WouldWait or WouldWaitOnMac)
            {
                throw SourceFailure.FileLocked(path, new IOException("It is being used by another process."));
            }

            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void CheckType(string path, int type)
    {
        if (type != TypeRegular)
        {
            throw type == TypeFolder ? SourceFailure.PathIsFolder(path) : SourceFailure.FileNotRegular(path);
        }
    }

    private static SafeFileHandle OpenNow(string path)
    {
        // O_RDONLY | O_NONBLOCK | O_CLOEXEC
        int flags = OperatingSystem.IsMacOS() ? 0x4 | 0x1000000 : 0x800 | 0x80000;
        SafeFileHandle handle = Open(path, flags);
        return handle.IsInvalid ? throw FailureOf(path, Marshal.GetLastPInvokeError()) : handle;
    }

    private static int TypeAt(string path, SafeFileHandle? handle)
    {
        // Of what the system returns, which is no larger anywhere, only the mode is read.
        Span<byte> status = stackalloc byte[512];
        if (OperatingSystem.IsMacOS())
        {
            int found = handle is null ? Stat(path, status) : FStat(handle, status);
            // On Intel the plain names have the old form, with the inode before the mode.
            int offset = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 4 : 8;
            return found == 0 ? MemoryMarshal.Read<ushort>(status[offset..]) & TypeMask
                : throw FailureOf(path, Marshal.GetLastPInvokeError());
        }

        const int Here = -100;
        const int EmptyPath = 0x1000;
        const uint Type = 1;
        int result = handle is null ? StatX(Here, path, 0, Type, status) : StatX(handle, "", EmptyPath, Type, status);
        return result == 0 ? MemoryMarshal.Read<ushort>(status[28..]) & TypeMask : throw FailureOf(path, Marshal.GetLastPInvokeError());
    }

    /// <param name="path">The path.</param>
    /// <param name="error">
    /// The system's error, read where the call has failed: the first call of this method loads an assembly, which looks for files and has
    /// errors of its own.
    /// </param>
    private static S3MultipartException FailureOf(string path, int error)
    {
        string why = Marshal.GetPInvokeErrorMessage(error) + ".";
        return error is NotThere or NotFolder ? SourceFailure.FileNotFound(path)
            : error == (OperatingSystem.IsMacOS() ? TooLongOnMac : TooLong) ? SourceFailure.PathInvalid(path, why)
            : SourceFailure.FileNotReadable(path, error == NotAllowed
                ? new UnauthorizedAccessException(why)
                : new IOException(why, new Win32Exception(error)));
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle file, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "stat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static partial int FStat(SafeFileHandle file, Span<byte> status);
}
