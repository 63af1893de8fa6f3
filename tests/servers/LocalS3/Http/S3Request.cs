using System.Security.Cryptography;
using LocalS3.Auth;
using LocalS3.Control;
using Microsoft.AspNetCore.Http.Features;

namespace LocalS3.Http;

/// <summary>One request to S3 while it is served.</summary>
internal sealed class S3Request
{
    private const string IdLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public S3Request(HttpContext http)
    {
        Http = http;
        RawTarget = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "/";
        RequestId = RandomNumberGenerator.GetString(IdLetters, 16);
        HostId = Convert.ToBase64String(RandomNumberGenerator.GetBytes(57));
        RawBody = new RawBody(http);
    }

    public HttpContext Http { get; }

    public string RawTarget { get; }

    public string RequestId { get; }

    public string HostId { get; }

    public RawBody RawBody { get; }

    public DateTime Started { get; } = DateTime.UtcNow;

    public string Method => Http.Request.Method;

    public IHeaderDictionary Headers => Http.Request.Headers;

    public bool IsHead => HttpMethods.IsHead(Method);

    public bool IsSecure => Http.Request.IsHttps;

    public CancellationToken Aborted => Http.RequestAborted;

    public S3Target Target { get; set; } = null!;

    public RequestBody Body { get; set; } = null!;

    public Caller Caller { get; set; } = Caller.Anonymous;

    public string Operation { get; set; } = "";

    public FaultRule? Fault { get; set; }

    /// <summary>The headers for the log, where some of them are ignored afterwards.</summary>
    public Dictionary<string, string>? SentHeaders { get; set; }

    /// <summary>True where the store takes no notice of the checksums in the list of a completion.</summary>
    public bool IgnoresListedChecksums { get; set; }

    /// <summary>True where the store takes its parts by their numbers, whatever ETags the list of a completion has.</summary>
    public bool IgnoresListedETags { get; set; }

    public QueryParameters Query => Target.Query;

    public string Key => Target.Key;

    public string? Header(string name)
    {
        string? value = Headers[name].ToString();
        return value.Length == 0 ? null : value.Trim();
    }

    public string UploadId => Query["uploadId"] ?? "";
}
