using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace FaultProxy;

/// <summary>Which requests or connections a fault applies to, and what it does to them.</summary>
internal sealed record FaultRule
{
    public static readonly string[] Actions =
        ["delay", "rate", "reset", "half-close", "black-hole", "hold", "truncate", "refuse", "respond"];

    private Regex? _request;

    /// <summary>
    /// What the first line of a request must match, such as <c>^PUT .*partNumber=3&amp;</c>; without it the rule counts connections. The
    /// proxy sees request lines only in connections that are not encrypted.
    /// </summary>
    public string? Request
    {
        get => _request?.ToString();
        init => _request = value is null ? null : new Regex(value);
    }

    /// <summary>The first match that the rule is applied to, counted from 1.</summary>
    public int Nth { get; init; } = 1;

    /// <summary>To how many matches in a row it is applied.</summary>
    public int Times { get; init; } = 1;
    public required string Action { get; init; }

    /// <summary>Bytes that still pass: of the request, including its head; for <c>truncate</c> of the response.</summary>
    public long After { get; init; }
    public int Ms { get; init; }
    public long BytesPerSecond { get; init; }

    /// <summary>The bytes that the client gets from <c>respond</c> instead of the server's response.</summary>
    public string Response { get; init; } = "";

    /// <summary>What is sent after the response repeatedly, until the client closes the connection.</summary>
    public string? Endless { get; init; }

    /// <summary>Whether the proxy ends the connection in the client's direction after the response.</summary>
    public bool Close { get; init; }

    /// <summary>Whether the proxy closes the connection with the rest of the request unread, so that the client's sending fails.</summary>
    public bool HangUp { get; init; }

    public int Matched { get; set; }

    /// <summary>How often the fault was applied, which happens after the match.</summary>
    public int Applied { get; set; }

    [JsonIgnore]
    public bool IsValid => Actions.Contains(Action) && Nth > 0 && Times > 0 && After >= 0 && Ms >= 0
        && (Action != "rate" || BytesPerSecond > 0) && (Action != "refuse" || Request is null)
        && (Action != "respond" || Request is not null);

    public bool Matches(string? requestLine) => requestLine is null ? _request is null : _request?.IsMatch(requestLine) == true;
}
