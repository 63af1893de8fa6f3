using System.Text;
using System.Text.RegularExpressions;
using LocalS3.Checksums;
using LocalS3.Faults;
using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.Serving;

/// <summary>Applies a fault to a request, before and after its operation.</summary>
internal static partial class FaultApplier
{
    /// <summary>Applies what comes before the operation; a response replaces the operation.</summary>
    public static async Task<S3Response?> BeforeAsync(S3Request request, FaultRule fault)
    {
        switch (fault.Action)
        {
            case "reset":
                request.RawBody.ResetAfter = fault.After;
                if (fault.After == 0)
                    Reset(request);
                return null;
            case "hang" when !fault.Performed:
                await HangAsync(request, fault);
                return null;
            case "error" when !fault.Performed:
                if (fault.ReadBody)
                    await request.RawBody.DrainAsync();
                await Task.Delay(fault.Ms, request.Aborted);
                return Error(request, fault);
            case "error-in-200" when !fault.Performed:
                await request.RawBody.DrainAsync();
                return ErrorIn200(request, fault);
            default:
                return null;
        }
    }

    /// <summary>Applies what comes after the operation; truncate takes effect while the response is sent.</summary>
    public static async Task<S3Response> AfterAsync(S3Request request, FaultRule fault, S3Response response)
    {
        switch (fault.Action)
        {
            case "error" when fault.Performed:
                return Error(request, fault);
            case "error-in-200" when fault.Performed:
                return ErrorIn200(request, fault);
            case "hang" when fault.Performed:
                await HangAsync(request, fault);
                break;
            case "delay":
                await Task.Delay(fault.Ms, request.Aborted);
                break;
            case "close":
                Reset(request);
                break;
            case "truncate":
                response.TruncateAfter = fault.After;
                break;
            case "wrong-etag":
                Corrupt(response, n => n == "ETag", ETagElement());
                break;
            case "early":
                // Otherwise Kestrel would read the rest of the body before the next request.
                response.Set("Connection", "close");
                break;
            case "no-etag":
                Rewrite(response, ETagElement(), _ => "");
                break;
            case "opaque-etag":
                foreach ((_, string value) in response.Headers.Where(h => h.Name == "ETag").ToList())
                    response.Set("ETag", Opaque(value));
                Rewrite(response, ETagElement(), Opaque);
                break;
            case "wrong-checksum":
                Corrupt(response, n => ChecksumAlgorithm.FindHeader(n) is not null, ChecksumElement());
                break;
        }
        return response;
    }

    private static S3Response Error(S3Request request, FaultRule fault) => S3Response.Error(
        new S3Exception(fault.Code, fault.Status, fault.Message ?? MessageOf(fault.Code)), request.RequestId, request.HostId);

    private static S3Response ErrorIn200(S3Request request, FaultRule fault)
    {
        S3Response response = Error(request, fault);
        response.Status = 200;
        return response;
    }

    private static string MessageOf(string code) => code switch
    {
        "SlowDown" => "Please reduce your request rate.",
        "InternalError" => "We encountered an internal error. Please try again.",
        "ServiceUnavailable" => "Reduce your request rate.",
        "RequestTimeout" => "Your socket connection to the server was not read from or written to within the timeout period. "
            + "Idle connections will be closed.",
        _ => "An injected fault.",
    };

    /// <summary>Without a timer nothing would refer to a connection that is not being read, and its finalizer would reset it.</summary>
    private static async Task HangAsync(S3Request request, FaultRule fault) =>
        await Task.Delay(fault.Ms > 0 ? fault.Ms : int.MaxValue, request.Aborted);

    private static void Reset(S3Request request)
    {
        request.Http.Abort();
        throw new InjectedResetException();
    }

    private static void Corrupt(S3Response response, Func<string, bool> isCorrupted, Regex element)
    {
        foreach ((string name, string value) in response.Headers.Where(h => isCorrupted(h.Name)).ToList())
            response.Set(name, WithOtherFirstCharacter(value));
        Rewrite(response, element, WithOtherFirstCharacter);
    }

    private static void Rewrite(S3Response response, Regex element, Func<string, string> rewrite)
    {
        if (response.Body.Length > 0)
        {
            string xml = element.Replace(Encoding.UTF8.GetString(response.Body), m => m.Groups[1].Value + rewrite(m.Groups[2].Value));
            response.Body = Encoding.UTF8.GetBytes(xml);
        }
    }

    /// <summary>The ETag in a form that no MD5 has.</summary>
    private static string Opaque(string eTag) => "opaque." + eTag.Trim('"').Replace("&quot;", "", StringComparison.Ordinal);

    /// <summary>Another value of the same form: its first character is replaced.</summary>
    private static string WithOtherFirstCharacter(string value)
    {
        int at = value.StartsWith("&quot;", StringComparison.Ordinal) ? 6 : value.StartsWith('"') ? 1 : 0;
        return at >= value.Length ? value : value[..at] + (value[at] == 'a' ? 'b' : 'a') + value[(at + 1)..];
    }

    [GeneratedRegex("(<ETag>)([^<]*)")]
    private static partial Regex ETagElement();

    [GeneratedRegex("(<Checksum(?:CRC32|CRC32C|CRC64NVME|SHA1|SHA256)>)([^<]*)")]
    private static partial Regex ChecksumElement();
}
