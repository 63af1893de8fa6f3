using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace S3Multipart.Transfer.Sources;

/// <summary>
/// When anything of a file was changed, its bytes or what is known of it: unlike the time of its last write, programs cannot set it back.
/// .NET does not give it. Linux and Windows do; elsewhere, and where a file system has none, it is null.
/// </summary>
internal static partial class ChangeTime
{
    // The layout of struct statx, which is the same on all processors.
    private const int StatxSize = 256;
    private const int SecondsOffset = 96;
    private const int NanosecondsOffset = 104;
    private const uint ChangeTimeMask = 0x80;
    private const int CurrentFolder = -100;

    internal static DateTime? Of(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? OnLinux(path) : OperatingSystem.IsWindows() ? OnWindows(path) : null;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static DateTime? OnLinux(string path)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        if (Statx(CurrentFolder, path, flags: 0, ChangeTimeMask, status) != 0 || (MemoryMarshal.Read<uint>(status) & ChangeTimeMask) == 0)
        {
            return null;
        }

        long seconds = MemoryMarshal.Read<long>(status[SecondsOffset..]);
        uint nanoseconds = MemoryMarshal.Read<uint>(status[NanosecondsOffset..]);
        return DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / 100));
    }

    private static DateTime? OnWindows(string path)
    {
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return GetFileInformationByHandleEx(handle, infoClass: 0, out BasicInfo info, (uint)Marshal.SizeOf<BasicInfo>())
            && info.ChangeTime > 0
            ? DateTime.FromFileTimeUtc(info.ChangeTime)
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandleEx(SafeFileHandle file, int infoClass, out BasicInfo info, uint size);

    [StructLayout(LayoutKind.Sequential)]
    private struct BasicInfo
    {
        public long CreationTime;
        public long LastAccessTime;
        public long LastWriteTime;
        public long ChangeTime;
        public uint Attributes;
    }
}
