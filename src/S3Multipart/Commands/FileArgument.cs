using System.Collections.ObjectModel;
using System.Management.Automation;
using S3Multipart.Sources;

namespace S3Multipart.Commands;

/// <summary>Turns what a user wrote, or a file object carries, into full paths of the file system.</summary>
internal static class FileArgument
{
    /// <summary>The full path, with nothing in it taken as a wildcard.</summary>
    internal static string Resolve(PSCmdlet cmdlet, string path)
    {
        string full;
        ProviderInfo provider;
        try
        {
            full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw Failure.FileNotFound(path);
        }

        return provider.Name == "FileSystem" ? full : throw Failure.PathNotFileSystem(path);
    }

    /// <summary>The paths that match. Finding none is a failure only where no wildcard was written.</summary>
    internal static Collection<string> Expand(PSCmdlet cmdlet, string path, Action<Exception> failed)
    {
        try
        {
            Collection<string> found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            if (provider.Name == "FileSystem")
            {
                return found;
            }

            failed(Failure.PathNotFileSystem(path));
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            failed(Failure.FileNotFound(path));
        }

        return [];
    }

    /// <summary>The file's length, by opening it: a file that cannot be read is refused before anything is sent for it.</summary>
    internal static long LengthOf(string file)
    {
        using FileSource source = FileSource.Open(file);
        return source.Length;
    }
}
