using System.Text;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Limits;

namespace S3Multipart.Core.Planning;

/// <summary>Makes and checks object keys.</summary>
internal static class ObjectKey
{
    /// <summary>The key of a file: the prefix, then its name or, with a root folder, its path below that folder with slashes.</summary>
    internal static string ForFile(string fullPath, string? prefix, string? relativeTo)
    {
        string name = Path.GetFileName(fullPath);
        if (relativeTo is not null)
        {
            // On Windows a path has two forms, and the folder may be given in the other one.
            name = OperatingSystem.IsWindows()
                ? Path.GetRelativePath(WindowsPath.Extend(relativeTo), WindowsPath.Extend(fullPath))
                : Path.GetRelativePath(relativeTo, fullPath);
            if (Path.IsPathRooted(name) || name == ".." || name.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw SourceFailure.PathNotUnderRelativeTo(fullPath, relativeTo);
            }

            // A backslash is a separator on Windows only; elsewhere it is a character of the name like any other.
            name = Path.DirectorySeparatorChar == '/' ? name : name.Replace(Path.DirectorySeparatorChar, '/');
        }

        return prefix + name;
    }

    internal static void Check(string key)
    {
        int bytes = Encoding.UTF8.GetByteCount(key);
        if (bytes is 0 or > S3Limits.MaxKeyBytes)
        {
            throw SourceFailure.KeyOutOfRange(key, bytes);
        }
    }
}
