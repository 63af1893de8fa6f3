using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using LocalS3.Protocol;
using LocalS3.Signing;
using Microsoft.Win32.SafeHandles;

namespace LocalS3.Http;

/// <summary>The payload of a request, checked against x-amz-content-sha256 and Content-Length.</summary>
internal sealed class RequestBody
{
    private const int BufferSize = 256 * 1024;

    private readonly RawBody _raw;
    private readonly AwsChunkedReader? _chunked;
    private readonly string? _payloadHash;

    private RequestBody(RawBody raw, AwsChunkedReader? chunked, string? payloadHash, long? length)
    {
        (_raw, _chunked, _payloadHash, Length) = (raw, chunked, payloadHash, length);
    }

    /// <summary>The payload's length; null if the request has no Content-Length.</summary>
    public long? Length { get; }

    public IReadOnlyList<string> TrailerNames => _chunked?.TrailerNames ?? [];

    public static RequestBody Create(S3Request request, ChunkSignature signature)
    {
        string mode = request.Header("x-amz-content-sha256") ?? PayloadMode.Unsigned;
        long? contentLength = request.Http.Request.ContentLength;
        if (PayloadMode.IsStreaming(mode))
        {
            if (mode.Contains("ECDSA", StringComparison.Ordinal))
                throw S3Errors.NotImplemented("x-amz-content-sha256");
            string? decoded = request.Header("x-amz-decoded-content-length");
            if (!long.TryParse(decoded, NumberStyles.None, CultureInfo.InvariantCulture, out long length))
                throw S3Errors.MissingContentLength();
            string[] trailers = (request.Header("x-amz-trailer") ?? "")
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            ChunkSignature? chunks = mode == PayloadMode.StreamingUnsignedTrailer ? null : signature;
            bool trailing = mode.EndsWith("-TRAILER", StringComparison.Ordinal);
            AwsChunkedReader reader = new(request.RawBody, length, chunks, trailing, trailers);
            return new RequestBody(request.RawBody, reader, null, length);
        }
        if (mode != PayloadMode.Unsigned && !PayloadMode.IsHash(mode))
        {
            throw S3Errors.InvalidArgument("x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
                + "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
                "x-amz-content-sha256", mode);
        }
        if (contentLength is null && request.Headers.TransferEncoding.Count > 0)
            throw S3Errors.NotImplemented("Transfer-Encoding");
        return new RequestBody(request.RawBody, null, mode == PayloadMode.Unsigned ? null : mode, contentLength);
    }

    public string? Trailer(string name) => _chunked?.Trailers.GetValueOrDefault(name.ToLowerInvariant());

    /// <summary>Writes the payload to a file and computes its digests, then verifies them.</summary>
    /// <param name="file">The file to write to.</param>
    /// <param name="digests">The digests to compute.</param>
    /// <param name="limit">Where the fault early stops reading; then nothing is checked.</param>
    public async Task<long> CopyToAsync(SafeFileHandle file, BodyDigests digests, long limit = long.MaxValue)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long total = 0;
            using IncrementalHash? hash = _payloadHash is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            while (true)
            {
                int count = await FillAsync(buffer.AsMemory(0, (int)Math.Min(BufferSize, limit - total)));
                if (total + count == limit)
                {
                    RandomAccess.Write(file, buffer.AsSpan(0, count), total);
                    return limit;
                }
                if (count == 0)
                    break;
                hash?.AppendData(buffer, 0, count);
                digests.Append(buffer.AsSpan(0, count));
                RandomAccess.Write(file, buffer.AsSpan(0, count), total);
                total += count;
            }
            Finish(total, hash);
            digests.Verify(this);
            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Discards the payload without copying it; only its length and its framing are verified.</summary>
    public async Task<long> DiscardAsync(BodyDigests digests)
    {
        long total = 0;
        while (true)
        {
            long count = _chunked is null ? await _raw.SkipAsync(long.MaxValue) : await _chunked.SkipAsync();
            if (count == 0)
                break;
            total += count;
        }
        Finish(total, null);
        digests.Verify(this);
        return total;
    }

    /// <summary>A small body, such as XML, in memory.</summary>
    public async Task<byte[]> ReadAllAsync(int limit = Limits.MaxXmlSize)
    {
        if (Length > limit)
            throw S3Errors.MaxMessageLength(limit);
        using MemoryStream result = new();
        byte[] buffer = new byte[16 * 1024];
        while (await FillAsync(buffer) is > 0 and int count)
        {
            result.Write(buffer, 0, count);
            if (result.Length > limit)
                throw S3Errors.MaxMessageLength(limit);
        }
        using IncrementalHash? hash = _payloadHash is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash?.AppendData(result.GetBuffer(), 0, (int)result.Length);
        Finish(result.Length, hash);
        return result.ToArray();
    }

    /// <summary>For requests without a payload, whose signed hash has to be that of no bytes.</summary>
    public void RequireEmpty()
    {
        if (Length is > 0)
            return;
        if (_payloadHash is not null && _payloadHash != SigV4.EmptyHash)
            throw HashMismatch(SigV4.EmptyHash);
    }

    private async ValueTask<int> FillAsync(Memory<byte> buffer)
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            int count = _chunked is null
                ? await _raw.ReadAsync(buffer[filled..])
                : await _chunked.ReadAsync(buffer[filled..]);
            if (count == 0)
                break;
            filled += count;
        }
        return filled;
    }

    private void Finish(long total, IncrementalHash? hash)
    {
        if (Length is { } length && total != length)
            throw S3Errors.IncompleteBody();
        if (hash is not null && Convert.ToHexStringLower(hash.GetHashAndReset()) is var computed && computed != _payloadHash)
            throw HashMismatch(computed);
    }

    private S3Exception HashMismatch(string computed) => new("XAmzContentSHA256Mismatch", 400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        ("ClientComputedContentSHA256", _payloadHash!), ("S3ComputedContentSHA256", computed));
}
