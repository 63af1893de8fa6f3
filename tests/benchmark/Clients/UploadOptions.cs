using System.Globalization;

namespace S3Multipart.Benchmark;

/// <summary>What a client is to send, and where to.</summary>
internal sealed record UploadOptions
{
    internal const string AccessKey = "testaccess";
    internal const string SecretKey = "testsecret";
    internal const string Region = "us-east-1";
    internal const string StreamKey = "stream";

    internal required Uri Endpoint { get; init; }
    internal required string Bucket { get; init; }
    internal IReadOnlyList<string> Files { get; init; } = [];
    internal string? Folder { get; init; }

    /// <summary>A named pipe, read to its end; its length is not known.</summary>
    internal string? Stream { get; init; }

    internal long PartSize { get; init; } = 16 << 20;
    internal int Throttle { get; init; } = 8;
    internal bool IsUnsigned { get; init; }

    /// <summary>Sends each file by one PutObject.</summary>
    internal bool IsPut { get; init; }

    internal bool IsTuned { get; init; }

    internal static UploadOptions Parse(string[] args)
    {
        UploadOptions options = new() { Endpoint = null!, Bucket = null! };
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{name} needs a value.");
            options = name switch
            {
                "--endpoint" => options with { Endpoint = new Uri(Value()) },
                "--bucket" => options with { Bucket = Value() },
                "--folder" => FromFolder(options, Value()),
                "--files" => options with { Files = Rest(args, ref i) },
                "--stream" => options with { Stream = Value() },
                "--part-size" => options with { PartSize = Size(Value()) },
                "--throttle" => options with { Throttle = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--put" => options with { IsPut = true },
                "--unsigned" => options with { IsUnsigned = true },
                "--tuned" => options with { IsTuned = true },
                _ => throw new ArgumentException($"Unknown option {name}."),
            };
        }

        return options is { Endpoint: not null, Bucket: not null }
            ? options : throw new ArgumentException("--endpoint and --bucket are required.");
    }

    /// <summary>A number, or one of decimal megabytes with MB behind it, as transfer rates are told.</summary>
    internal static long Size(string text) => text.EndsWith("MB", StringComparison.Ordinal)
        ? long.Parse(text[..^2], CultureInfo.InvariantCulture) * 1_000_000
        : long.Parse(text, CultureInfo.InvariantCulture);

    private static UploadOptions FromFolder(UploadOptions options, string folder) =>
        options with { Folder = folder, Files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)] };

    private static List<string> Rest(string[] args, ref int i)
    {
        List<string> files = [];
        while (i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
        {
            files.Add(args[++i]);
        }

        return files;
    }
}
