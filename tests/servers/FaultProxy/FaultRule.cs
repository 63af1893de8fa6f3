using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace FaultProxy;

/// <summary>A fault to lay over connections: which one, and what befalls it.</summary>
internal sealed record FaultRule
{
    public static readonly string[] Actions =
        ["delay", "reset", "half-close", "black-hole", "hold", "truncate", "rate", "refuse", "answer"];

    private Regex? _request;

    /// <summary>
    /// What the first line of a request must match, such as <c>^PUT .*partNumber=3&amp;</c>; without it the rule counts connections. Lines
    /// are seen only where the connection is not encrypted.
    /// </summary>
    public string? Request
    {
        get => _request?.ToString();
        init => _request = value is null ? null : new Regex(value);
    }

    /// <summary>The first that is struck of those that match, counted from 1.</summary>
    public int Nth { get; init; } = 1;

    /// <summary>How many in a row are struck.</summary>
    public int Times { get; init; } = 1;
    public required string Action { get; init; }

    /// <summary>Bytes that still pass: of the request, its head included; for <c>truncate</c> of the answer.</summary>
    public long After { get; init; }
    public int Ms { get; init; }
    public long BytesPerSecond { get; init; }

    /// <summary>What is sent to the client, as it is, instead of the server's answer; the server does not see the request.</summary>
    public string Answer { get; init; } = "";

    /// <summary>What is sent after that again and again, until the client leaves.</summary>
    public string? Endless { get; init; }

    /// <summary>Whether the connection is closed after an answer.</summary>
    public bool Close { get; init; }

    /// <summary>Whether it is closed with what has not been read of the request, so that the client's writing breaks.</summary>
    public bool HangUp { get; init; }

    public int Matched { get; set; }

    /// <summary>How often the fault has taken place, which is later than it was matched.</summary>
    public int Struck { get; set; }

    [JsonIgnore]
    public bool IsValid => Actions.Contains(Action) && Nth > 0 && Times > 0 && After >= 0 && Ms >= 0
        && (Action != "rate" || BytesPerSecond > 0) && (Action != "refuse" || Request is null)
        && (Action != "answer" || Request is not null);

    public bool Matches(string? line) => line is null ? _request is null : _request?.IsMatch(line) == true;
}
