using System.Text.Json.Serialization;

namespace LocalS3.Control;

/// <summary>A fault to lay over requests: which ones, and what befalls them.</summary>
internal sealed record FaultRule
{
    public static readonly string[] Actions =
    [
        "error", "reset", "close", "truncate", "wrong-etag", "wrong-checksum", "error-in-200", "delay", "stale-list", "lagging-list",
        "hang", "answer", "expire-sessions", "flip", "early", "swallow", "drop-part", "no-etag", "opaque-etag",
    ];

    /// <summary>S3's name of the operation; without one, or with *, every operation.</summary>
    public string? Operation { get; init; }

    /// <summary>A key, or the beginning of keys followed by *.</summary>
    public string? Key { get; init; }
    public int? PartNumber { get; init; }

    /// <summary>Only the request of this number among those that match, counted from 1.</summary>
    public int? Nth { get; init; }

    /// <summary>Each request whose number among those that match is a multiple of this.</summary>
    public int? Every { get; init; }

    /// <summary>How often the rule strikes before it is used up.</summary>
    public int? Times { get; init; }
    public required string Action { get; init; }
    public string Code { get; init; } = "InternalError";
    public int Status { get; init; } = 500;
    public string? Message { get; init; }

    /// <summary>Bytes of the request body before a reset or an early answer, to the one that flips; of the answer before a cut.</summary>
    public long After { get; init; }
    public int Ms { get; init; }

    /// <summary>How many of the newest entries a stale list leaves out.</summary>
    public int Omit { get; init; } = 1;

    /// <summary>An answer in the place of the server's own, with <see cref="Status"/>.</summary>
    public string Body { get; init; } = "";
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>Whether an error or a hang comes only after the operation has been done.</summary>
    public bool Performed { get; init; }

    /// <summary>Whether an error waits until the body has been read.</summary>
    public bool ReadBody { get; init; }

    public int Matched { get; set; }
    public int Struck { get; set; }

    [JsonIgnore]
    public bool IsValid => Actions.Contains(Action) && Status is >= 200 and <= 599 && After >= 0 && Ms >= 0 && Omit >= 0
        && Nth is null or > 0 && Every is null or > 0;
}
