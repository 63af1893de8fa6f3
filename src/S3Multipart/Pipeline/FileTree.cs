using System.Management.Automation;
using S3Multipart.Core.Errors;
using S3Multipart.Errors;

namespace S3Multipart.Pipeline;

/// <summary>
/// The files that paths name, and those in folders. As Copy-Item does, it takes hidden files, and follows links to files and folders; a
/// folder that a link leads back to is a failure, and so is each folder that cannot be read. A failure ends nothing but its own branch.
/// </summary>
/// <param name="cmdlet">The cmdlet, for its current location.</param>
/// <param name="failed">Takes a failure and the path that it is about.</param>
internal sealed class FileTree(PSCmdlet cmdlet, Action<Exception, string> failed)
{
    /// <summary>True to take what is in folders.</summary>
    internal bool Recurse { get; init; }

    /// <summary>True to let wildcards match hidden files and folders.</summary>
    internal bool MatchesHidden { get; init; }

    /// <summary>The names of files to take; empty for all.</summary>
    internal IReadOnlyList<WildcardPattern> Include { get; init; } = [];

    /// <summary>The names of files and folders to leave out.</summary>
    internal IReadOnlyList<WildcardPattern> Exclude { get; init; } = [];

    /// <summary>The files that a path with wildcards leads to.</summary>
    internal IEnumerable<FoundFile> OfPath(string path)
    {
        bool isPattern = WildcardPattern.ContainsWildcardCharacters(path);
        bool isAnswered = false;
        IEnumerable<string> expanded = FileArgument.Expand(
            cmdlet, path, e =>
            {
                isAnswered = true;
                failed(e, path);
            },
            MatchesHidden);
        foreach (string found in expanded)
        {
            isAnswered = true;
            foreach (FoundFile file in Of(found, isOneOfMany: isPattern))
            {
                yield return file;
            }
        }

        if (isPattern && !isAnswered)
        {
            // Get-ChildItem is silent here; in a backup it may be a slip of the pen that nothing is sent.
            cmdlet.WriteWarning($"Nothing matches '{path}'.");
        }
    }

    /// <summary>The file of a path that is taken as it is, or the files in that folder.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isPiped">True where it is one of several that are piped.</param>
    internal IEnumerable<FoundFile> OfLiteralPath(string path, bool isPiped)
    {
        string full;
        try
        {
            full = FileArgument.Resolve(cmdlet, path);
        }
        catch (S3MultipartException e)
        {
            failed(e, path);
            return [];
        }

        return Of(full, isPiped);
    }

    /// <param name="path">A full path.</param>
    /// <param name="isOneOfMany">
    /// True for a folder that was not named by itself: it may be left out by its name, and keeps it in the keys.
    /// </param>
    private IEnumerable<FoundFile> Of(string path, bool isOneOfMany)
    {
        if (!Directory.Exists(path))
        {
            return IsTaken(System.IO.Path.GetFileName(path)) ? [new FoundFile(path, Folder: null)] : [];
        }

        string folder = System.IO.Path.TrimEndingDirectorySeparator(path);
        if (isOneOfMany && IsExcluded(System.IO.Path.GetFileName(folder)))
        {
            return [];
        }

        if (!Recurse)
        {
            failed(ParameterFailure.FolderNeedsRecurse(path), path);
            return [];
        }

        return In(path, isOneOfMany ? System.IO.Path.GetDirectoryName(folder) ?? path : path, []);
    }

    /// <param name="folder">The folder.</param>
    /// <param name="root">The folder that keys are made relative to.</param>
    /// <param name="above">Where the folders from there to here really are.</param>
    private IEnumerable<FoundFile> In(string folder, string root, IReadOnlyList<string> above)
    {
        FileSystemInfo[] entries;
        List<string> chain;
        try
        {
            DirectoryInfo info = new(folder);
            string real = info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? info.FullName;
            if (above.Contains(real))
            {
                throw ParameterFailure.FolderLoop(folder, real);
            }

            chain = [.. above, real];
            entries = [.. info.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (S3MultipartException e)
        {
            failed(e, folder);
            yield break;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            failed(SourceFailure.FileNotReadable(folder, e), folder);
            yield break;
        }

        foreach (FileSystemInfo entry in entries)
        {
            if (entry is DirectoryInfo)
            {
                foreach (FoundFile file in IsExcluded(entry.Name) ? [] : In(entry.FullName, root, chain))
                {
                    yield return file;
                }
            }
            else if (IsTaken(entry.Name))
            {
                yield return new FoundFile(entry.FullName, root);
            }
        }
    }

    private bool IsTaken(string name) => (Include.Count == 0 || Include.Any(pattern => pattern.IsMatch(name))) && !IsExcluded(name);

    private bool IsExcluded(string name) => Exclude.Any(pattern => pattern.IsMatch(name));
}

/// <summary>A file to send.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Folder">The folder that its key is made relative to; null for a file that was not found in a folder.</param>
internal readonly record struct FoundFile(string Path, string? Folder);
