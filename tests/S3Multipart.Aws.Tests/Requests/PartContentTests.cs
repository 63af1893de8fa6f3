using System.Text;
using S3Multipart.Aws.Requests;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Requests;

/// <summary>The body of a part on its way to Amazon S3: aws-chunked with a trailer, as the S3 API Reference has it.</summary>
public sealed class PartContentTests
{
    [Theory]
    // The check values of the algorithms, and those of nothing.
    [InlineData("123456789", "CRC64NVME", "9\r\n123456789\r\n0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n\r\n")]
    [InlineData("123456789", "CRC32", "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n")]
    [InlineData("123456789", "CRC32C", "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32c:4waSgw==\r\n\r\n")]
    [InlineData("12345678901", "CRC32C", "b\r\n12345678901\r\n0\r\nx-amz-checksum-crc32c:")]
    [InlineData("", "CRC64NVME", "0\r\nx-amz-checksum-crc64nvme:AAAAAAAAAAA=\r\n\r\n")]
    [InlineData("123456789", null, "123456789")]
    [InlineData("", null, "")]
    public async Task The_bytes_are_one_chunk_with_the_checksum_behind_it(string text, string? algorithm, string beginning)
    {
        long counted = 0;
        string? told = null;
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        PartInput input = new() { Target = new UploadTarget("b", "k", "u"), PartNumber = 1, Body = new BufferPartBody(bytes) };
        using StallGuard guard = new(TimeSpan.FromHours(1), CancellationToken.None);
        using PartContent content = new(input, algorithm, guard, count => counted += count, value => told = value);
        using MemoryStream sent = new();
        await content.CopyToAsync(sent, TestContext.Current.CancellationToken);
        string all = Encoding.ASCII.GetString(sent.ToArray());
        Assert.StartsWith(beginning, all, StringComparison.Ordinal);
        Assert.EndsWith(algorithm is null ? text : $"{told}\r\n\r\n", all, StringComparison.Ordinal);
        Assert.Equal(sent.Length, content.Headers.ContentLength);
        Assert.Equal(bytes.Length, counted);
    }
}
