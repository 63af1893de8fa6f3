using Microsoft.Win32.SafeHandles;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Planning;
using S3Multipart.Transfer.Checksums;

namespace S3Multipart.Transfer.Sources;

/// <summary>A file whose parts are read side by side, each by its own offset, through one handle.</summary>
internal sealed class FileSource : IDisposable
{
    private readonly SafeFileHandle _handle;

    private FileSource(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
        Stamp = new FileStamp(Length, File.GetLastWriteTimeUtc(handle), ChangeTime.Of(path));
        if (!HasItsLength(handle, Length))
        {
            throw SourceFailure.FileNotRegular(path);
        }
    }

    internal string Path { get; }

    /// <summary>The length when the file was opened.</summary>
    internal long Length { get; }

    /// <summary>The state in which it was opened.</summary>
    internal FileStamp Stamp { get; }

    /// <summary>The state of the file that a path leads to; null where there is none.</summary>
    internal static FileStamp? FindStamp(string path)
    {
        if (OperatingSystem.IsWindows() && WindowsFile.IsDevice(path))
        {
            return null;
        }

        FileInfo file = new(path);
        if (file.LinkTarget is not null)
        {
            file = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        }

        return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc, ChangeTime.Of(file.FullName)) : null;
    }

    internal static FileSource Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = OperatingSystem.IsWindows() ? WindowsFile.OpenRegular(path) : UnixFile.OpenRegular(path);
            FileSource opened = new(path, handle);
            handle = null;
            return opened;
        }
        catch (NotSupportedException)
        {
            // A pipe has no length.
            throw SourceFailure.FileNotRegular(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SourceFailure.FileNotFound(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Directory.Exists(path) ? SourceFailure.PathIsFolder(path) : FailureOf(path, e);
        }
        finally
        {
            handle?.Dispose();
        }
    }

    /// <summary>
    /// False for files that the system generates as they are read, whose length is not true: 0 in /proc, a page in /sys.
    /// </summary>
    private static bool HasItsLength(SafeFileHandle handle, long length)
    {
        Span<byte> one = stackalloc byte[1];
        return length == 0 ? RandomAccess.Read(handle, one, 0) == 0
            : length != Environment.SystemPageSize || RandomAccess.Read(handle, one, length - 1) == 1;
    }

    private static S3MultipartException FailureOf(string path, Exception e) =>
        OperatingSystem.IsWindows() ? WindowsFile.FailureOf(path, e) : SourceFailure.FileNotReadable(path, e);

    internal PartBody Part(PartPlan plan, int partNumber, Action<RequiredDigests, CancellationToken>? digested = null) =>
        new FilePartBody(this, partNumber, plan.OffsetOf(partNumber), plan.SizeOf(partNumber)) { Digested = digested };

    internal PartBody Slice(int partNumber, long offset, long length) => new FilePartBody(this, partNumber, offset, length);

    /// <summary>
    /// Fails if there is no longer the same file in this place: of the length that the parts were planned for, and not written since. What
    /// was read of one that changed may be a mixture.
    /// </summary>
    internal void CheckUnchanged(int partNumber)
    {
        if (Stamp.DifferenceTo(FindStamp(Path)) is { } how)
        {
            throw SourceFailure.FileChanged(Path, partNumber, how);
        }
    }

    public void Dispose() => _handle.Dispose();

    private sealed class FilePartBody(FileSource file, int partNumber, long start, long length) : PartBody
    {
        internal override long Length => length;

        internal override async ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            int wanted = (int)Math.Min(length - offset, destination.Length);
            if (wanted == 0)
            {
                return 0;
            }

            // Reading a file is not cancelled by a token here, so a long reading is cancelled between two slices.
            cancellationToken.ThrowIfCancellationRequested();
            int count;
            try
            {
                // Except on Windows an asynchronous read is a synchronous one on another thread; the switch is saved.
                count = OperatingSystem.IsWindows()
                    ? await RandomAccess.ReadAsync(file._handle, destination[..wanted], start + offset, cancellationToken)
                    : RandomAccess.Read(file._handle, destination.Span[..wanted], start + offset);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FailureOf(file.Path, e);
            }

            return count > 0 ? count : throw SourceFailure.FileChanged(file.Path, partNumber, "it ends before the part does");
        }
    }
}
