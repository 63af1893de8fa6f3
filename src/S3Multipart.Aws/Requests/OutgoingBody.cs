namespace S3Multipart.Aws.Requests;

/// <summary>
/// A request whose body is on its way, to which the connection under HttpClient reports that the other side takes no more of it.
/// </summary>
internal sealed class OutgoingBody
{
    private static readonly AsyncLocal<OutgoingBody?> s_current = new();

    /// <summary>That of the request which the running code belongs to.</summary>
    internal static OutgoingBody? Current => s_current.Value;

    /// <summary>Why writing ended early.</summary>
    internal IOException? Broken { get; set; }

    /// <summary>Makes one; it is the current one until the asynchronous method that calls this returns.</summary>
    internal static OutgoingBody Begin() => s_current.Value = new OutgoingBody();
}
