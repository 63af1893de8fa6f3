using System.Collections.ObjectModel;
using System.Management.Automation;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Planning;
using S3Multipart.Isolation;

namespace S3Multipart.Pipeline;

/// <summary>Turns what a user wrote, or a file object carries, into full paths of the file system.</summary>
internal static class FileArgument
{
    private const string FileSystemPrefix = @"Microsoft.PowerShell.Core\FileSystem::";

    /// <summary>The full path, with nothing in it taken as a wildcard.</summary>
    internal static string Resolve(PSCmdlet cmdlet, string path)
    {
        if (path.Contains('\0'))
        {
            throw SourceFailure.PathInvalid(path.Replace('\0', '?'), "it has a character of the code 0.");
        }

        if (CompletePath(path) is { } complete)
        {
            return ListedPath(System.IO.Path.GetFullPath(complete));
        }

        string full;
        ProviderInfo provider;
        try
        {
            full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw SourceFailure.FileNotFound(path);
        }

        return provider.Name == "FileSystem" ? ListedPath(full) : throw SourceFailure.PathNotFileSystem(path);
    }

    /// <summary>
    /// A path that needs no drive to be found, as that of a file object is; else null. Finding its drive costs more than all else that is
    /// done with the path: on Unix PowerShell reads the table of mounted file systems for it.
    /// </summary>
    private static string? CompletePath(string path)
    {
        if (path.StartsWith(FileSystemPrefix, StringComparison.Ordinal))
        {
            string bare = path[FileSystemPrefix.Length..];
            return System.IO.Path.IsPathFullyQualified(bare) ? bare : null;
        }

        // PowerShell takes a backslash for a slash there too.
        return !OperatingSystem.IsWindows() && path.StartsWith('/') && !path.Contains('\\') ? path : null;
    }

    /// <summary>The paths that match. Finding none is a failure only where no wildcard was written.</summary>
    internal static Collection<string> Expand(PSCmdlet cmdlet, string path, Action<Exception> failed, bool matchesHidden = false)
    {
        try
        {
            Collection<string>? found = Find(cmdlet, path, matchesHidden);
            if (found is [] && path.AsSpan().ContainsAny('[', ']'))
            {
                failed(SourceFailure.NothingMatches(path));
            }

            if (found is not null)
            {
                return found;
            }

            failed(SourceFailure.PathNotFileSystem(path));
        }
        catch (S3MultipartException e)
        {
            failed(e);
        }
        catch (Exception e)
            when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            failed(SourceFailure.FileNotFound(path));
        }

        return [];
    }

    /// <summary>The paths that match; null where they are not in the file system.</summary>
    private static Collection<string>? Find(PSCmdlet cmdlet, string path, bool matchesHidden)
    {
        if (matchesHidden)
        {
            return [.. cmdlet.InvokeProvider.Item.Get([path], force: true, literalPath: false)
                .Select(item => Resolve(cmdlet, (string)item.Properties["PSPath"].Value))];
        }

        Collection<string> found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
        return provider.Name != "FileSystem" ? null : OperatingSystem.IsWindows() ? [.. found.Select(ListedPath)] : found;
    }

    /// <summary>Windows finds a file by other names than its own too; its key is to be the same whichever was written.</summary>
    private static string ListedPath(string full)
    {
        try
        {
            return OperatingSystem.IsWindows() ? EngineLoader.Engine.ListedPath(full) : full;
        }
        catch (PathTooLongException e)
        {
            throw SourceFailure.PathInvalid(full, e.Message);
        }
    }

    /// <summary>The full path of the folder that keys are made relative to; null where none was given.</summary>
    internal static string? ResolveRoot(PSCmdlet cmdlet, string? folder)
    {
        string? full = folder is null ? null : Resolve(cmdlet, folder);
        return full is null || Directory.Exists(full) ? full : throw SourceFailure.FolderNotFound(full);
    }

    /// <summary>The state of a file that will be opened soon.</summary>
    internal static FileStamp StampOfKnown(string file) =>
        EngineLoader.Engine.FindStamp(file) is { Length: > 0 } stamp && new FileInfo(file).LinkTarget is null ? stamp : StampOf(file);

    /// <summary>The file's state, by opening it: a file that cannot be read is refused before anything is sent for it.</summary>
    internal static FileStamp StampOf(string file) => EngineLoader.Engine.StampOf(file);

    /// <summary>Refuses a file that is another than the upload was begun for: parts sent before would not go with those of now.</summary>
    internal static void CheckUnchanged(MultipartUpload upload, string path, FileStamp now)
    {
        // On another machine the file may be a copy, which has times of its own.
        bool isSamePlace = path == upload.LiteralPath;
        FileStamp begun = new(
            upload.Length ?? now.Length,
            isSamePlace ? upload.FileLastWriteTime ?? now.LastWriteTime : now.LastWriteTime,
            isSamePlace ? upload.FileChangeTime : null);
        if (begun.DifferenceTo(now) is { } how)
        {
            throw SourceFailure.FileChangedSinceNew(path, how);
        }
    }
}
