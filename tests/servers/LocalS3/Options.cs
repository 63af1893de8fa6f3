using System.Globalization;
using LocalS3.StoreProfiles;

namespace LocalS3;

/// <summary>The options of the command line.</summary>
internal sealed record Options
{
    public required string Root { get; init; }
    public int DelayMs { get; init; }
    public bool ExitWithStdin { get; init; }
    public int MaxSeconds { get; init; } = 3600;
    public int SessionSeconds { get; init; } = 300;
    public bool Discard { get; init; }

    /// <summary>True to listen on 80 and 443, for clients that reach no other ports, and not on any that are free.</summary>
    public bool UsesWellKnownPorts { get; init; }

    /// <summary>The store whose differences from Amazon S3 are reproduced.</summary>
    public StoreProfile? Store { get; init; }

    public static Options Parse(string[] args)
    {
        Options options = new() { Root = "" };
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{name} needs a value.");
            int Number() => int.Parse(Value(), NumberStyles.None, CultureInfo.InvariantCulture);
            options = name switch
            {
                "--root" => options with { Root = Path.GetFullPath(Value()) },
                "--delay-ms" => options with { DelayMs = Number() },
                "--exit-with-stdin" => options with { ExitWithStdin = true },
                "--max-seconds" => options with { MaxSeconds = Number() },
                "--session-seconds" => options with { SessionSeconds = Number() },
                "--store" => options with { Store = StoreProfile.Find(Value()) },
                "--well-known-ports" => options with { UsesWellKnownPorts = true },
                "--discard" => options with { Discard = true },
                _ => throw new ArgumentException($"Unknown option {name}."),
            };
        }
        return options.Root.Length > 0 ? options : throw new ArgumentException("--root DIR is required.");
    }
}
