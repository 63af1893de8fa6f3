using S3Multipart.Aws.Requests;

namespace S3Multipart.Aws.Tests.Requests;

public sealed class EarlyResponseStreamTests
{
    private static readonly byte[] s_bytes = new byte[100];

    [Fact]
    public async Task The_rest_of_a_refused_body_may_pass_after_its_response_was_read()
    {
        await using EarlyResponseStream connection = new(new RefusingStream());
        OutgoingBody body = OutgoingBody.Begin();
        await connection.WriteAsync(s_bytes, TestContext.Current.CancellationToken);
        Assert.IsType<IOException>(body.Broken);
        Assert.Equal(1, await connection.ReadAsync(new byte[100], TestContext.Current.CancellationToken));
        await connection.WriteAsync(s_bytes, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Another_request_may_not_use_a_connection_that_broke()
    {
        await using EarlyResponseStream connection = new(new RefusingStream());
        OutgoingBody.Begin();
        await connection.WriteAsync(s_bytes, TestContext.Current.CancellationToken);
        OutgoingBody.Begin();
        await Assert.ThrowsAsync<IOException>(
            async () => await connection.WriteAsync(s_bytes, TestContext.Current.CancellationToken));
    }

    /// <summary>A connection whose other side takes no byte, and has answered with one.</summary>
    private sealed class RefusingStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new IOException("Broken pipe"));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(1);
    }
}
