using System.Text.RegularExpressions;
using System.Xml.Linq;
using S3Multipart.Completers;

namespace S3Multipart.Tests;

/// <summary>What docs/architecture.md says of projects and folders, read from the sources.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string s_source = Path.Combine(Root(), "src");

    public static TheoryData<string> Projects => ["S3Multipart", "S3Multipart.Core", "S3Multipart.Transfer", "S3Multipart.Aws"];

    [Theory]
    [InlineData("S3Multipart.Core", "")]
    [InlineData("S3Multipart", "S3Multipart.Core")]
    [InlineData("S3Multipart.Transfer", "S3Multipart.Core")]
    [InlineData("S3Multipart.Aws", "S3Multipart.Core S3Multipart.Transfer")]
    public void Each_project_knows_only_those_below_it(string project, string expected)
    {
        IEnumerable<string?> references = Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Equal(expected, string.Join(' ', references.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_one_project_knows_the_SDK_and_the_model_knows_no_package(string project)
    {
        string[] packages = [.. Load(project).Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value)];
        Assert.Equal(project == "S3Multipart.Aws", packages.Any(package => package.StartsWith("AWSSDK", StringComparison.Ordinal)));
        Assert.True(project != "S3Multipart.Core" || packages.Length == 0);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_folders_of_a_project_depend_on_each_other_in_one_direction(string project)
    {
        SourceFile[] files = [.. FilesOf(project)];
        Dictionary<string, string> folderOf = files.SelectMany(file => file.Types.Select(type => (type, file.Folder)))
            .DistinctBy(pair => pair.type).ToDictionary(pair => pair.type, pair => pair.Folder);
        ILookup<string, (string Folder, string Why)> uses = files
            .SelectMany(file => file.Words.Where(folderOf.ContainsKey)
                .Select(word => (From: file.Folder, To: folderOf[word], Why: $"{file.Name} uses {word}")))
            .Where(use => use.From != use.To)
            .DistinctBy(use => (use.From, use.To))
            .ToLookup(use => use.From, use => (use.To, use.Why));
        foreach (string folder in files.Select(file => file.Folder).Distinct())
        {
            Assert.Null(FindCycle(folder, folder, uses, []));
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_follow_the_folders_for_all_that_is_not_public(string project)
    {
        foreach (SourceFile file in FilesOf(project))
        {
            string expected = project == "S3Multipart.Core" && file.IsPublic ? "S3Multipart"
                : file.Folder == "." ? project
                : $"{project}.{file.Folder.Replace('/', '.')}";
            Assert.Equal((file.Name, expected), (file.Name, file.Namespace));
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_file_is_longer_than_300_lines(string project) =>
        Assert.Empty(FilesOf(project).Where(file => file.Lines > 300).Select(file => file.Name));

    /// <summary>The uses that lead back to where they began; null for none.</summary>
    private static string? FindCycle(string start, string at, ILookup<string, (string Folder, string Why)> uses, HashSet<string> seen)
    {
        foreach ((string folder, string why) in uses[at])
        {
            if (folder == start)
            {
                return why;
            }

            if (seen.Add(folder) && FindCycle(start, folder, uses, seen) is { } rest)
            {
                return $"{why}, {rest}";
            }
        }

        return null;
    }

    private static XDocument Load(string project) => XDocument.Load(Path.Combine(s_source, project, project + ".csproj"));

    private static IEnumerable<SourceFile> FilesOf(string project)
    {
        string root = Path.Combine(s_source, project);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("\\obj\\", StringComparison.Ordinal))
            .Select(path => new SourceFile(Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllText(path)));
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "S3Multipart.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("The tests are not below the repository.");
    }

    private sealed partial class SourceFile
    {
        internal SourceFile(string name, string text)
        {
            string code = Ignored().Replace(text, "");
            Name = name;
            Folder = Path.GetDirectoryName(name) is { Length: > 0 } folder ? folder.Replace('\\', '/') : ".";
            Lines = text.Count(c => c == '\n');
            Namespace = NamespaceLine().Match(code).Groups["name"].Value;
            Types = [.. Declaration().Matches(code).Select(match => match.Groups["name"].Value)];
            IsPublic = Declaration().Matches(code).Any(match => match.Value.StartsWith("public", StringComparison.Ordinal));
            Words =
            [
                .. TypeUse().Matches(code).Select(match => match.Value)
                    .SelectMany(word => new[] { word, word + "Attribute" }).Distinct(),
            ];
        }

        internal string Name { get; }

        internal string Folder { get; }

        internal int Lines { get; }

        internal string Namespace { get; }

        internal string[] Types { get; }

        internal string[] Words { get; }

        internal bool IsPublic { get; }

        /// <summary>Comments, and text that holds no expressions.</summary>
        [GeneratedRegex("""(?://[^\n]*)|"(?:[^"\\\n{}]|\\.)*" """, RegexOptions.IgnorePatternWhitespace)]
        private static partial Regex Ignored();

        [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
        private static partial Regex NamespaceLine();

        [GeneratedRegex(
            @"^(?:public|internal)[\w ]*? (?:class|record struct|record|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
        private static partial Regex Declaration();

        /// <summary>A name in a place where a type may stand: not a member of something, and not one that is declared or set.</summary>
        [GeneratedRegex(@"(?<![\w.])[A-Z]\w{3,}(?=[\s.<>()\[\]?,;}])(?!\s*(?:=[^=>]|\{ ?get|=> ))")]
        private static partial Regex TypeUse();
    }
}
