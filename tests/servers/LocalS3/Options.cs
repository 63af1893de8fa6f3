using System.Globalization;
using LocalS3.Stores;

namespace LocalS3;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const string AccountId = "111122223333";

    public required string Root { get; init; }
    public int Port { get; init; }
    public int TlsPort { get; init; }
    public string AccessKey { get; init; } = "testaccess";
    public string SecretKey { get; init; } = "testsecret";
    public string? Region { get; init; }
    public int DelayMs { get; init; }
    public string? LogFile { get; init; }
    public bool ExitWithStdin { get; init; }
    public int MaxSeconds { get; init; } = 3600;
    public int SessionSeconds { get; init; } = 300;
    public bool Discard { get; init; }
    public int? ProxyPort { get; init; }

    /// <summary>The store to be like, where that is not Amazon S3.</summary>
    public StoreCharacter? Store { get; init; }

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
                "--port" => options with { Port = Number() },
                "--tls-port" => options with { TlsPort = Number() },
                "--access-key" => options with { AccessKey = Value() },
                "--secret-key" => options with { SecretKey = Value() },
                "--region" => options with { Region = Value() },
                "--delay-ms" => options with { DelayMs = Number() },
                "--log" => options with { LogFile = Path.GetFullPath(Value()) },
                "--exit-with-stdin" => options with { ExitWithStdin = true },
                "--max-seconds" => options with { MaxSeconds = Number() },
                "--session-seconds" => options with { SessionSeconds = Number() },
                "--proxy-port" => options with { ProxyPort = Number() },
                "--store" => options with { Store = StoreCharacter.Find(Value()) },
                "--discard" => options with { Discard = true },
                _ => throw new ArgumentException($"Unknown option {name}."),
            };
        }
        return options.Root.Length > 0 ? options : throw new ArgumentException("--root DIR is required.");
    }
}
