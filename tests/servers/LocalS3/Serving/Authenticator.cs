using System.Globalization;
using System.Text;
using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Signing;
using LocalS3.Storage;

namespace LocalS3.Serving;

/// <summary>Verifies the signature of a request, and gives the request its caller and its body.</summary>
internal sealed class Authenticator(Credentials credentials)
{
    public void Authenticate(S3Request request)
    {
        string? header = request.Header("Authorization");
        if (header is null)
        {
            if (request.Query.Has("X-Amz-Signature") || request.Query.Has("Signature"))
                throw S3Errors.OperationNotImplemented("query string authentication");
            throw S3Errors.AccessDenied();
        }
        AuthorizationHeader authorization = AuthorizationHeader.Parse(header);
        Credential credential = credentials.Find(authorization.AccessKey)
            ?? throw new S3Exception("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records.",
                ("AWSAccessKeyId", authorization.AccessKey));
        CheckToken(request, credential);
        string amzDate = CheckDate(request, authorization);
        CheckScope(request, authorization, credential);

        string payloadHash = request.Header("x-amz-content-sha256")
            ?? throw S3Errors.InvalidRequest("Missing required header for this request: x-amz-content-sha256");
        CheckSignedHeaders(request, authorization);

        string canonicalRequest = SigV4.CanonicalRequest(
            request.Method, request.Target, name => request.Headers[name].ToString(), authorization.SignedHeaders, payloadHash);
        string stringToSign = SigV4.StringToSign(authorization.Algorithm, amzDate, authorization.Scope, canonicalRequest);
        byte[] signingKey = SigV4.SigningKey(credential.SecretKey, authorization.Date, authorization.Region, authorization.Service);
        bool isValid = authorization.IsAsymmetric
            ? SigV4A.Verify(credential, stringToSign, authorization.Signature)
            : SigV4.AreEqual(SigV4.Sign(signingKey, stringToSign), authorization.Signature);
        if (!isValid)
            throw Mismatch(authorization, stringToSign, canonicalRequest);

        request.Caller = new Caller(credential.AccessKey, credential.Session);
        request.Body = RequestBody.Create(
            request, new ChunkSignature(signingKey, amzDate, authorization.Scope, authorization.Signature));
    }

    private static void CheckToken(S3Request request, Credential credential)
    {
        (string header, string other) = credential.Session is null
            ? ("x-amz-security-token", "x-amz-s3session-token") : ("x-amz-s3session-token", "x-amz-security-token");
        string? token = request.Header(header);
        if (request.Header(other) is { } misplaced)
            throw new S3Exception("InvalidToken", 400, "The provided token is malformed or otherwise invalid.", ("Token-0", misplaced));
        if (credential.Token is null && token is null)
            return;
        if (token != credential.Token)
        {
            throw new S3Exception("InvalidToken", 400, "The provided token is malformed or otherwise invalid.",
                ("Token-0", token ?? ""));
        }
        if (credential.Expires < DateTime.UtcNow)
            throw S3Errors.ExpiredToken(token);
    }

    private static string CheckDate(S3Request request, AuthorizationHeader authorization)
    {
        string? amzDate = request.Header("x-amz-date");
        DateTime time = (amzDate is null ? Dates.Exact(request.Header("Date"), Dates.HttpFormat) : Dates.Exact(amzDate, Dates.AmzFormat))
            ?? throw S3Errors.AccessDenied("AWS authentication requires a valid Date or x-amz-date header");
        DateTime now = DateTime.UtcNow;
        string text = Dates.Amz(time);
        if ((now - time).Duration() > Limits.MaxClockSkew)
        {
            throw new S3Exception("RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large.",
                ("RequestTime", text), ("ServerTime", now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
                ("MaxAllowedSkewMilliseconds", "900000"));
        }
        if (!text.StartsWith(authorization.Date, StringComparison.Ordinal) || authorization.Date.Length != 8)
        {
            throw new S3Exception("SignatureDoesNotMatch", 403,
                $"Invalid credential date \"{authorization.Date}\". This date is not the same as X-Amz-Date: \"{text[..8]}\".");
        }
        return text;
    }

    private static void CheckScope(S3Request request, AuthorizationHeader authorization, Credential credential)
    {
        bool express = request.Target.Endpoint == EndpointKind.Zonal;
        string service = express ? "s3express" : "s3";
        bool either = request.Target.Endpoint == EndpointKind.Local && Bucket.IsDirectoryName(request.Target.Bucket);
        if (authorization.Service != service && !(either && authorization.Service == "s3express"))
            throw AuthorizationHeader.Malformed($"incorrect service \"{authorization.Service}\". This endpoint belongs to \"{service}\".");
        bool isMultiRegion = request.Target.Endpoint == EndpointKind.MultiRegion;
        if (isMultiRegion != authorization.IsAsymmetric)
            throw S3Errors.InvalidRequest("The authorization mechanism you have provided is not supported. Please use "
                + $"{(isMultiRegion ? SigV4A.Algorithm : SigV4.Algorithm)}.");
        if (isMultiRegion)
        {
            if (request.Header("x-amz-region-set") != "*")
                throw AuthorizationHeader.Malformed("the region set is wrong; expecting '*'");
            return;
        }
        if (request.Target.Region is { } region && authorization.Region != region)
        {
            throw AuthorizationHeader.Malformed($"the region '{authorization.Region}' is wrong; expecting '{region}'", ("Region", region));
        }
        if (credential.Session is not null && !express)
            throw new S3Exception("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records.",
                ("AWSAccessKeyId", credential.AccessKey));
    }

    private static void CheckSignedHeaders(S3Request request, AuthorizationHeader authorization)
    {
        List<string> unsigned = request.Headers.Keys
            .Select(n => n.ToLowerInvariant())
            .Where(n => (n == "host" || n.StartsWith("x-amz-", StringComparison.Ordinal)) && !authorization.SignedHeaders.Contains(n))
            .ToList();
        if (unsigned.Count > 0)
        {
            throw new S3Exception("AccessDenied", 403, "There were headers present in the request which were not signed",
                ("HeadersNotSigned", string.Join(", ", unsigned)));
        }
    }

    private static S3Exception Mismatch(AuthorizationHeader authorization, string stringToSign, string canonicalRequest) =>
        new("SignatureDoesNotMatch", 403,
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
            ("AWSAccessKeyId", authorization.AccessKey), ("StringToSign", stringToSign),
            ("SignatureProvided", authorization.Signature), ("StringToSignBytes", HexBytes(stringToSign)),
            ("CanonicalRequest", canonicalRequest), ("CanonicalRequestBytes", HexBytes(canonicalRequest)));

    private static string HexBytes(string text) =>
        string.Join(' ', Encoding.UTF8.GetBytes(text).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
}
