namespace S3Multipart.Aws.Requests;

/// <summary>
/// An element of a response: its name without its namespace, whatever the server put it in, its children, and its text. Attributes are
/// not kept, because nothing that S3 answers is in one.
/// </summary>
internal sealed class ResponseElement(string name, OutsideText filter)
{
    private List<ResponseElement>? _children;

    internal string Name => name;

    /// <summary>The text between the element's own tags, as it came.</summary>
    internal string Content { get; set; } = "";

    internal IReadOnlyList<ResponseElement> Children => _children ?? [];

    internal ResponseElement? Child(string childName) => _children?.Find(child => child.Name == childName);

    /// <summary>The text of a child element, fit to be shown; null where it is missing or empty.</summary>
    internal string? Text(string childName) => Exact(childName) is { } text ? filter.Of(text) : null;

    /// <summary>
    /// The same text as it came, for what goes back to S3 in requests: a key may have any character, and shown forms of it are made where
    /// it is shown. Null where it is missing or empty.
    /// </summary>
    internal string? Exact(string childName) => Child(childName)?.Content is { Length: > 0 } text ? text : null;

    internal void Add(ResponseElement child) => (_children ??= []).Add(child);
}
