using System.Collections;
using System.Management.Automation;

namespace S3Multipart.Binding;

/// <summary>
/// Reads properties by name from whatever a shell hands over: a live object, a deserialised one, a hashtable, a row of a CSV.
/// </summary>
internal readonly struct ObjectProperties
{
    private readonly object _input;

    private ObjectProperties(object input) => _input = input;

    internal static ObjectProperties? Of(object? input) => input switch
    {
        null or string => null,
        PSObject { BaseObject: IDictionary table } => new ObjectProperties(table),
        IDictionary table => new ObjectProperties(table),
        _ => new ObjectProperties(PSObject.AsPSObject(input)),
    };

    internal bool Has(string name) => Raw(name) is not null;

    internal string? Text(string name) => Get<string>(name) is { Length: > 0 } text ? text : null;

    internal T? Get<T>(string name) => Raw(name) is { } value && LanguagePrimitives.TryConvertTo(value, out T result) ? result : default;

    /// <summary>A value; null where there is none, as in an empty cell of a table.</summary>
    internal T? GetValue<T>(string name)
        where T : struct => Raw(name) is { } value and not "" && LanguagePrimitives.TryConvertTo(value, out T result) ? result : null;

    /// <summary>True for $true, and for the text that a table has in its place; any other text would convert to true as well.</summary>
    internal bool Flag(string name) => Raw(name) switch
    {
        bool value => value,
        PSObject { BaseObject: bool value } => value,
        { } other => bool.TryParse(other.ToString(), out bool value) && value,
        null => false,
    };

    /// <summary>A time in UTC, which a table does not say that it is.</summary>
    internal DateTime? GetTime(string name) => GetValue<DateTime>(name) is not { } time ? null
        : time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();

    private object? Raw(string name) => _input is IDictionary table ? table[name] : ((PSObject)_input).Properties[name]?.Value;
}
