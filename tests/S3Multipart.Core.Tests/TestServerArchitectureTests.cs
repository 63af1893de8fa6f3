using System.Text.RegularExpressions;

namespace S3Multipart.Tests;

/// <summary>What the READMEs of the test servers say of their folders, read from the sources.</summary>
public sealed partial class TestServerArchitectureTests
{
    public static TheoryData<string> Servers => ["LocalS3", "FaultProxy"];

    [Theory]
    [MemberData(nameof(Servers))]
    public void Namespaces_follow_the_folders(string server)
    {
        foreach ((string name, string folder, string text) in FilesOf(server))
        {
            if (name != "Program.cs")
                Assert.Equal((name, folder), (name, NamespaceLine().Match(text).Groups["name"].Value));
        }
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void The_folders_use_each_other_in_one_direction(string server)
    {
        ILookup<string, string> uses = FilesOf(server)
            .SelectMany(file => UsingLine().Matches(file.Text).Select(match => (From: file.Folder, To: match.Groups["name"].Value)))
            .Where(use => use.From != use.To && (use.To == server || use.To.StartsWith(server + ".", StringComparison.Ordinal)))
            .Distinct().ToLookup(use => use.From, use => use.To);
        Assert.True(server != "LocalS3" || uses.Count > 10);
        foreach (string folder in uses.Select(use => use.Key))
            Assert.DoesNotContain(folder, ReachableFrom(folder, uses, []));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void No_file_is_longer_than_250_lines(string server) =>
        Assert.Empty(FilesOf(server).Where(file => file.Text.Count(c => c == '\n') > 250).Select(file => file.Name));

    private static HashSet<string> ReachableFrom(string folder, ILookup<string, string> uses, HashSet<string> seen)
    {
        foreach (string next in uses[folder].Where(seen.Add))
            ReachableFrom(next, uses, seen);
        return seen;
    }

    private static IEnumerable<(string Name, string Folder, string Text)> FilesOf(string server)
    {
        string root = Path.Combine(Root(), "tests", "servers", server);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Name: Path.GetRelativePath(root, path).Replace('\\', '/'), Text: File.ReadAllText(path)))
            .Where(file => !file.Name.StartsWith("obj/", StringComparison.Ordinal)
                && !file.Name.StartsWith("bin/", StringComparison.Ordinal))
            .Select(file => (file.Name, FolderOf(server, file.Name), file.Text));
    }

    /// <summary>The namespace that a folder stands for. Program.cs has none, and belongs to the one of its project.</summary>
    private static string FolderOf(string server, string name) =>
        Path.GetDirectoryName(name) is { Length: > 0 } folder ? server + "." + folder.Replace('\\', '/').Replace('/', '.') : server;

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "S3Multipart.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("The tests are not below the repository.");
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}
