using System.Net;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Retries;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Tests;

public sealed class RetryTests
{
    private static readonly UploadTarget s_target = new("bucket", "key", "id");

    private readonly FakeStore _store = new();
    private RequestLimiter _limiter = new();

    public RetryTests() => _limiter.Reach();

    private readonly List<TimeSpan> _waits = [];
    private int _tries;

    [Theory]
    [InlineData("InternalError", 500, 9)]
    [InlineData("SlowDown", 503, 9)]
    [InlineData("RequestTimeout", 400, 9)]
    [InlineData("BadDigest", 400, 3)]
    [InlineData("AccessDenied", 403, 1)]
    [InlineData("NoSuchUpload", 404, 1)]
    [InlineData("NotImplemented", 501, 1)]
    [InlineData("InternalError", 200, 9)]
    public async Task A_request_is_sent_again_only_where_that_may_help(string code, int status, int tries)
    {
        _store.OnPart = (_, _) => throw Response(code, status, _tries++);
        _ = await Assert.ThrowsAnyAsync<S3ServiceException>(SendPartAsync);
        Assert.Equal(tries, _tries);
        Assert.Equal(tries - 1, _waits.Count);
    }

    [Theory]
    [InlineData(FailureIds.ConnectionLost)]
    [InlineData(FailureIds.RequestTimedOut)]
    [InlineData(FailureIds.EndpointUnreachable)]
    [InlineData(FailureIds.ResponseInvalid)]
    public async Task A_request_whose_answer_was_not_had_is_sent_again_and_succeeds(string id)
    {
        _store.OnPart = (_, _) => _tries++ < 3 ? throw Lost(id) : Task.CompletedTask;
        Assert.Equal(1, (await SendPartAsync()).PartNumber);
        Assert.Equal(4, _tries);
    }

    [Fact]
    public async Task An_endpoint_that_never_answered_is_not_waited_for()
    {
        _limiter = new RequestLimiter();
        _store.OnPart = (_, _) => throw Lost(FailureIds.EndpointUnreachable, _tries++);
        _ = await Assert.ThrowsAsync<S3MultipartException>(SendPartAsync);
        Assert.Equal(1, _tries);
    }

    [Theory]
    [InlineData("InternalError", 500, 0.05)]
    [InlineData("SlowDown", 503, 1)]
    public void Waits_double_up_to_20_seconds_and_are_a_random_share_of_that(string code, int status, double first)
    {
        Exception failure = Response(code, status);
        Assert.Equal([first, 2 * first, 4 * first, 8 * first],
            Enumerable.Range(1, 4).Select(retry => Math.Round(RetryRule.WaitBefore(retry, failure, 1).TotalSeconds, 3)));
        Assert.Equal(TimeSpan.FromSeconds(20), RetryRule.WaitBefore(30, failure, 1));
        Assert.Equal(8 * first, RetryRule.WaitBefore(5, failure, 0).TotalSeconds, 3);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(10, 1)]
    [InlineData(2500, 2.5)]
    [InlineData(60_000, 6)]
    public void A_store_that_names_a_time_is_given_it_within_bounds(int? milliseconds, double expected)
    {
        TimeSpan? wanted = milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;
        ServiceResponse response = new("SlowDown", HttpStatusCode.ServiceUnavailable) { RetryAfter = wanted };
        Exception failure = S3ServiceException.Create(response, FailureKind.ResourceUnavailable, "slow down");
        Assert.Equal(expected, RetryRule.WaitBefore(1, failure, 1).TotalSeconds, 3);
    }

    [Fact]
    public async Task Overload_halves_what_is_in_flight_once_and_success_raises_it_again()
    {
        List<int> turns = [];
        for (int i = 0; i < 16; i++)
        {
            turns.Add(await _limiter.EnterAsync(CancellationToken.None));
        }

        // All sixteen are told to slow down, but it is one overload.
        foreach (int turn in turns)
        {
            _limiter.Leave(turn, wasThrottled: true, hasSucceeded: false);
        }

        Assert.Equal(8, _limiter.Limit);
        for (int i = 0; i < 8; i++)
        {
            _ = await _limiter.EnterAsync(CancellationToken.None);
        }

        ValueTask<int> ninth = _limiter.EnterAsync(CancellationToken.None);
        Assert.False(ninth.IsCompleted);
        for (int i = 0; i < 8; i++)
        {
            _limiter.Leave(1, wasThrottled: false, hasSucceeded: true);
        }

        _ = await ninth;
        Assert.Equal(9, _limiter.Limit);
    }

    [Fact]
    public async Task A_request_that_is_cancelled_while_it_waits_takes_no_turn()
    {
        int first = await _limiter.EnterAsync(CancellationToken.None);
        _limiter.Leave(first, wasThrottled: true, hasSucceeded: false);
        int only = await _limiter.EnterAsync(CancellationToken.None);
        using CancellationTokenSource stop = new();
        ValueTask<int> waiting = _limiter.EnterAsync(stop.Token);
        ValueTask<int> next = _limiter.EnterAsync(CancellationToken.None);
        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        _limiter.Leave(only, wasThrottled: false, hasSucceeded: false);
        _ = await next;
    }

    [Fact]
    public async Task A_completion_whose_answer_was_lost_is_found_by_what_it_made()
    {
        StoredPart part = new() { PartNumber = 1, Size = 7, ETag = "\"d41d8cd98f00b204e9800998ecf8427e\"" };
        CompleteInput input = new() { Target = s_target, Parts = [part], Size = 7 };
        _store.OnComplete = _ => throw (_tries++ == 0 ? Lost(FailureIds.ConnectionLost) : Response("NoSuchUpload", 404));
        string whole = ETags.OfParts(input.Parts)!;
        _store.OnHead = _ => new FoundObject(7, whole);
        Assert.Equal(whole, (await Retrying().CompleteMultipartUploadAsync(input, CancellationToken.None)).ETag);

        // Another object of that size is not taken for it, and one that nothing tells of is not guessed at.
        (_tries, _store.OnHead) = (0, _ => new FoundObject(7, "\"0-1\""));
        Assert.Equal("NoSuchUpload",
            (await Assert.ThrowsAnyAsync<S3ServiceException>(
                () => Retrying().CompleteMultipartUploadAsync(input, CancellationToken.None))).ErrorCode);
        _tries = 0;
        CompleteInput opaque = input with { Parts = [part with { ETag = "\"kms\"" }] };
        Assert.Equal("CompletionUnknown",
            (await Assert.ThrowsAsync<S3MultipartException>(
                () => Retrying().CompleteMultipartUploadAsync(opaque, CancellationToken.None))).ErrorId);
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_is_no_completion_while_the_upload_is_still_listed()
    {
        StoredPart part = new() { PartNumber = 1, Size = 7, ETag = "\"d41d8cd98f00b204e9800998ecf8427e\"" };
        CompleteInput input = new() { Target = s_target, Parts = [part], Size = 7, IfNoneMatch = true };
        _store.OnComplete = _ => throw (_tries++ == 0 ? Response("InternalError", 500) : Response("PreconditionFailed", 412));
        string whole = ETags.OfParts(input.Parts)!;
        _store.OnHead = _ => new FoundObject(7, whole);
        _store.PartPages.Enqueue(new PartPage { Parts = [part] });
        _ = await Assert.ThrowsAsync<PreconditionFailedException>(
            () => Retrying().CompleteMultipartUploadAsync(input, CancellationToken.None));

        // The list is gone: then it was the first try that made the object.
        _tries = 0;
        Assert.Equal(whole, (await Retrying().CompleteMultipartUploadAsync(input, CancellationToken.None)).ETag);
    }

    [Fact]
    public void The_ETag_of_an_object_follows_from_those_of_its_parts()
    {
        StoredPart[] parts =
        [
            new() { PartNumber = 1, Size = 1, ETag = "\"0cc175b9c0f1b6a831c399e269772661\"" },
            new() { PartNumber = 2, Size = 1, ETag = "\"92eb5ffee6ae2fec3ad71c777531578f\"" },
        ];
        byte[] both = Convert.FromHexString("0cc175b9c0f1b6a831c399e26977266192eb5ffee6ae2fec3ad71c777531578f");
        Assert.Equal($"\"{Convert.ToHexString(ResumeTests.MD5Of(both)).ToLowerInvariant()}-2\"", ETags.OfParts(parts));
    }

    private static S3ServiceException Response(string code, int status, int counted = 0) =>
        S3ServiceException.Create(new(code, (HttpStatusCode)status), FailureKind.ResourceUnavailable, $"no {counted}");

    private static S3MultipartException Lost(string id, int counted = 0) => new(id, FailureKind.ConnectionError, $"lost {counted}");

    private RetryingObjectStore Retrying() => new(_store, 8, _limiter, _ => { }, wait: (wait, _) =>
    {
        _waits.Add(wait);
        return Task.CompletedTask;
    });

    private Task<StoredPart> SendPartAsync() => Retrying().UploadPartAsync(
        new PartInput { Target = s_target, PartNumber = 1, Body = new BufferPartBody(new byte[7]) }, CancellationToken.None);
}
