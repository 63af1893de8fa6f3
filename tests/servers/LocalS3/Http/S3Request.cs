using System.Security.Cryptography;
using LocalS3.Faults;
using LocalS3.Protocol;
using LocalS3.Signing;
using Microsoft.AspNetCore.Http.Features;

namespace LocalS3.Http;

/// <summary>One request to S3, with what has been found out about it so far.</summary>
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

    public Caller Caller { get; set; } = null!;

    public string Operation { get; set; } = "";

    public FaultRule? Fault { get; set; }

    /// <summary>The headers for the log, before a store profile removed those that it ignores.</summary>
    public Dictionary<string, string>? SentHeaders { get; set; }

    /// <summary>Whether a store profile ignores the checksums that a completion lists.</summary>
    public bool IgnoresListedChecksums { get; set; }

    /// <summary>Whether a store profile ignores the ETags that a completion lists.</summary>
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
