using System.Text.Json.Serialization;

namespace LocalS3.Faults;

/// <summary>Which requests a fault applies to, and what it does to them.</summary>
internal sealed record FaultRule
{
    public static readonly string[] Actions =
    [
        "error", "error-in-200", "delay", "hang", "reset", "close", "truncate", "wrong-etag", "no-etag", "opaque-etag", "wrong-checksum",
        "stale-list", "lagging-list", "flip", "early", "drop-last-part", "drop-all-parts", "expire-sessions",
    ];

    /// <summary>S3's name of the operation; without one the rule matches every operation.</summary>
    public string? Operation { get; init; }
    public string? Bucket { get; init; }
    public string? Key { get; init; }
    public int? PartNumber { get; init; }

    /// <summary>Only the matching request of this number, counted from 1.</summary>
    public int? Nth { get; init; }

    /// <summary>Each matching request whose number is a multiple of this.</summary>
    public int? Every { get; init; }

    /// <summary>How often the rule is applied at most.</summary>
    public int? Times { get; init; }
    public required string Action { get; init; }
    public string Code { get; init; } = "InternalError";
    public int Status { get; init; } = 500;
    public string? Message { get; init; }

    /// <summary>
    /// Bytes of the request body before a reset or an early response, or before the byte to flip; bytes of the response body before it
    /// is truncated.
    /// </summary>
    public long After { get; init; }

    /// <summary>How long a delay or the response with an error takes, in milliseconds.</summary>
    public int Ms { get; init; }

    /// <summary>How many of the newest entries a stale list omits.</summary>
    public int Omit { get; init; } = 1;

    /// <summary>Whether the operation is performed before an error or a hang.</summary>
    public bool Performed { get; init; }

    /// <summary>Whether the body is read before an error.</summary>
    public bool ReadBody { get; init; }

    public int Matched { get; set; }
    public int Applied { get; set; }

    [JsonIgnore]
    public bool IsValid => Actions.Contains(Action) && Status is >= 200 and <= 599 && After >= 0 && Ms >= 0 && Omit >= 0
        && Nth is null or > 0 && Every is null or > 0;

    public bool Matches(string operation, string bucket, string key, string? partNumber) =>
        (Operation is null || Operation == operation)
        && (Bucket is null || Bucket == bucket)
        && (Key is null || Key == key)
        && (PartNumber is not { } number || partNumber == $"{number}");
}
