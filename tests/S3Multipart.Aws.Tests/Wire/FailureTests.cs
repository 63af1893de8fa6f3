using System.Net;
using System.Net.Sockets;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>What scripts get to see of refusals, and of what goes wrong on the way.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(403, "AccessDenied", nameof(FailureKind.PermissionDenied), typeof(AccessDeniedException))]
    [InlineData(403, "InvalidAccessKeyId", nameof(FailureKind.AuthenticationError), typeof(S3ServiceException))]
    [InlineData(403, "SignatureDoesNotMatch", nameof(FailureKind.AuthenticationError), typeof(S3ServiceException))]
    [InlineData(400, "ExpiredToken", nameof(FailureKind.AuthenticationError), typeof(S3ServiceException))]
    [InlineData(404, "NoSuchBucket", nameof(FailureKind.ObjectNotFound), typeof(S3ServiceException))]
    [InlineData(404, "NoSuchUpload", nameof(FailureKind.ObjectNotFound), typeof(NoSuchUploadException))]
    [InlineData(412, "PreconditionFailed", nameof(FailureKind.ResourceExists), typeof(PreconditionFailedException))]
    [InlineData(409, "ConditionalRequestConflict", nameof(FailureKind.ResourceBusy), typeof(S3ServiceException))]
    [InlineData(503, "SlowDown", nameof(FailureKind.ResourceUnavailable), typeof(S3ServiceException))]
    [InlineData(500, "InternalError", nameof(FailureKind.ResourceUnavailable), typeof(S3ServiceException))]
    [InlineData(500, "SomethingNew", nameof(FailureKind.ResourceUnavailable), typeof(S3ServiceException))]
    [InlineData(400, "BadDigest", nameof(FailureKind.InvalidData), typeof(BadDigestException))]
    [InlineData(400, "XAmzContentSHA256Mismatch", nameof(FailureKind.InvalidData), typeof(BadDigestException))]
    [InlineData(400, "InvalidPart", nameof(FailureKind.InvalidData), typeof(S3ServiceException))]
    [InlineData(400, "RequestTimeout", nameof(FailureKind.OperationTimeout), typeof(S3ServiceException))]
    [InlineData(400, "EntityTooSmall", nameof(FailureKind.LimitsExceeded), typeof(S3ServiceException))]
    [InlineData(501, "NotImplemented", nameof(FailureKind.NotImplemented), typeof(S3ServiceException))]
    [InlineData(400, "KMS.DisabledException", nameof(FailureKind.InvalidArgument), typeof(S3ServiceException))]
    public async Task A_code_of_S3_has_its_kind_and_class(int status, string code, string kind, Type type)
    {
        S3ServiceException failure = await RefusedAsync(LoopbackServer.Response(
            status,
            $"<Error><Code>{code}</Code><Message>Why.</Message><RequestId>r1</RequestId><HostId>h1</HostId></Error>"));
        Assert.IsType(type, failure);
        Assert.Equal((code, code, kind), (failure.ErrorId, failure.ErrorCode, failure.Kind.ToString()));
        Assert.Equal((status, "r1", "h1"), (failure.Status, failure.RequestId, failure.HostId));
        Assert.Contains("Why.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("s3://bucket/folder/key", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_name_the_request_before_the_body_does()
    {
        S3ServiceException failure = await RefusedAsync(LoopbackServer.Response(
            403, "<Error><Code>AccessDenied</Code><RequestId>body</RequestId></Error>", "x-amz-request-id: header", "x-amz-id-2: host"));
        Assert.Equal(("header", "host"), (failure.RequestId, failure.HostId));
    }

    [Theory]
    [InlineData("1500", 1500)]
    [InlineData("soon", null)]
    [InlineData("-1", null)]
    [InlineData("", null)]
    public async Task A_store_may_say_in_milliseconds_how_long_to_wait(string value, int? expected)
    {
        S3ServiceException failure = await RefusedAsync(
            LoopbackServer.Response(503, "<Error><Code>SlowDown</Code></Error>", $"x-amz-retry-after: {value}"));
        Assert.Equal(expected, (int?)failure.RetryAfter?.TotalMilliseconds);
    }

    [Theory]
    [InlineData(404, "", "NotFound", nameof(FailureKind.ObjectNotFound))]
    [InlineData(403, "", "AccessDenied", nameof(FailureKind.PermissionDenied))]
    [InlineData(412, "", "PreconditionFailed", nameof(FailureKind.ResourceExists))]
    [InlineData(400, "", "Http400", nameof(FailureKind.ProtocolError))]
    [InlineData(502, "<html><body>Bad Gateway</body></html>", "Http502", nameof(FailureKind.ResourceUnavailable))]
    [InlineData(400, "<Error><Code>two words</Code></Error>", "Http400", nameof(FailureKind.InvalidArgument))]
    [InlineData(400, "{\"Code\":\"InvalidPart\"}", "Http400", nameof(FailureKind.ProtocolError))]
    public async Task A_refusal_without_a_code_is_named_by_its_status(int status, string body, string id, string kind)
    {
        S3ServiceException failure = await RefusedAsync(LoopbackServer.Response(status, body));
        Assert.Equal((id, kind), (failure.ErrorId, failure.Kind.ToString()));
    }

    [Fact]
    public async Task What_a_server_says_is_cut_and_moves_no_cursor()
    {
        S3ServiceException failure = await RefusedAsync(LoopbackServer.Response(
            400, $"<Error><Code>InvalidRequest</Code><Message>&#x1b;[31m\r\nred{new string('x', 100_000)}</Message></Error>"));
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.Contains("red", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Message.Length, 2000, 2500);
    }

    [Fact]
    public async Task The_request_that_a_wrong_signature_repeats_is_not_kept()
    {
        S3ServiceException failure = await RefusedAsync(LoopbackServer.Response(
            403,
            "<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>x-amz-security-token:hidden</CanonicalRequest></Error>"));
        Assert.DoesNotContain("hidden", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_by_itself()
    {
        await using LoopbackServer elsewhere = new();
        await using LoopbackServer server = new() { Respond = _ => LoopbackServer.Response(307, "", "Location: " + elsewhere.Url + "/") };
        _ = await Assert.ThrowsAsync<S3ServiceException>(() => ListAsync(server.Url));
        _ = Assert.Single(server.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\n<ListPartsResult>")]
    public async Task A_connection_that_ends_early_is_lost(string? response)
    {
        await using LoopbackServer server = new() { Respond = _ => response };
        S3MultipartException failure = await Assert.ThrowsAsync<S3MultipartException>(() => ListAsync(server.Url));
        Assert.Equal((FailureIds.ConnectionLost, FailureKind.ConnectionError), (failure.ErrorId, failure.Kind));
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for_longer_than_the_timeout()
    {
        await using LoopbackServer server = new() { Respond = _ => "" };
        TimeSpan timeout = TimeSpan.FromMilliseconds(200);
        S3MultipartException failure = await Assert.ThrowsAsync<S3MultipartException>(() => ListAsync(server.Url, timeout));
        Assert.Equal((FailureIds.RequestTimedOut, FailureKind.OperationTimeout), (failure.ErrorId, failure.Kind));
        Assert.NotNull(failure.RecommendedAction);
    }

    [Fact]
    public async Task A_stop_of_the_user_is_no_failure_of_the_request()
    {
        using CancellationTokenSource stop = new();
        await using LoopbackServer server = new()
        {
            Respond = _ =>
            {
                stop.Cancel();
                return "";
            },
        };
        OperationCanceledException stopped = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Stores.At(server.Url).ListPartsAsync(Stores.Target, 0, stop.Token));
        Assert.Equal(stop.Token, stopped.CancellationToken);
    }

    [Fact]
    public async Task A_server_that_is_not_there_cannot_be_reached()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        S3MultipartException failure = await Assert.ThrowsAsync<S3MultipartException>(() => ListAsync($"http://127.0.0.1:{port}"));
        Assert.Equal((FailureIds.EndpointUnreachable, FailureKind.ConnectionError), (failure.ErrorId, failure.Kind));
        Assert.NotNull(failure.RecommendedAction);
    }

    private static Task<PartPage> ListAsync(string url, TimeSpan? timeout = null) =>
        Stores.At(url, timeout).ListPartsAsync(Stores.Target, 0, TestContext.Current.CancellationToken);

    private static async Task<S3ServiceException> RefusedAsync(string response)
    {
        await using LoopbackServer server = new() { Respond = _ => response };
        return await Assert.ThrowsAnyAsync<S3ServiceException>(() => ListAsync(server.Url));
    }
}
