using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LocalS3.Protocol;
using LocalS3.Signing;

namespace LocalS3.Http;

/// <summary>Reads the payload out of aws-chunked framing, and verifies chunk sizes, chunk signatures and trailers.</summary>
internal sealed class AwsChunkedReader(
    RawBody raw, long decodedLength, ChunkSignature? signature, bool trailing, IReadOnlyList<string> trailerNames)
{
    private const string SignatureExtension = "chunk-signature=";

    private readonly Dictionary<string, string> _trailers = [];
    private IncrementalHash? _chunkHash;
    private string _chunkSignature = "";
    private long _remaining;
    private long _total;
    private bool _smallChunkSeen;
    private bool _inChunk;
    private bool _ended;

    public IReadOnlyList<string> TrailerNames { get; } = trailing ? trailerNames : [];

    public IReadOnlyDictionary<string, string> Trailers => _trailers;

    public async ValueTask<int> ReadAsync(Memory<byte> destination)
    {
        if (!await EnsureChunkAsync())
            return 0;
        int count = await raw.ReadAsync(destination[..(int)Math.Min(destination.Length, _remaining)]);
        if (count == 0)
            throw S3Errors.IncompleteBody();
        if (signature is not null)
            (_chunkHash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256)).AppendData(destination.Span[..count]);
        await AdvanceAsync(count);
        return count;
    }

    public async ValueTask<long> SkipAsync()
    {
        if (!await EnsureChunkAsync())
            return 0;
        long count = await raw.SkipAsync(_remaining);
        if (count == 0)
            throw S3Errors.IncompleteBody();
        await AdvanceAsync(count);
        return count;
    }

    private async ValueTask AdvanceAsync(long count)
    {
        _remaining -= count;
        _total += count;
        if (_remaining == 0)
            await EndChunkAsync();
    }

    private async ValueTask<bool> EnsureChunkAsync()
    {
        if (_ended)
            return false;
        if (_inChunk)
            return true;
        string line = await raw.ReadLineAsync() ?? throw S3Errors.IncompleteBody();
        int semicolon = line.IndexOf(';', StringComparison.Ordinal);
        string size = semicolon < 0 ? line : line[..semicolon];
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _remaining) || _remaining < 0)
            throw S3Errors.IncompleteBody();
        ReadSignature(semicolon < 0 ? "" : line[(semicolon + 1)..]);
        if (_total + _remaining > decodedLength)
            throw S3Errors.IncompleteBody();
        if (_remaining == 0)
        {
            signature?.VerifyChunk(SigV4.EmptyHash, _chunkSignature);
            await EndAsync();
            return false;
        }
        if (_smallChunkSeen)
        {
            throw new S3Exception("InvalidChunkSizeError", 403, "Only the last chunk is allowed to have a size less than 8192 bytes");
        }
        _smallChunkSeen = _remaining < Limits.MinSignedChunkSize;
        _inChunk = true;
        return true;
    }

    private void ReadSignature(string extension)
    {
        if (signature is null)
            return;
        if (!extension.StartsWith(SignatureExtension, StringComparison.Ordinal))
            throw S3Errors.IncompleteBody();
        _chunkSignature = extension[SignatureExtension.Length..];
    }

    private async ValueTask EndChunkAsync()
    {
        _inChunk = false;
        if (_chunkHash is null)
        {
            // A discarded chunk has no hash, and no later signature can be verified without it.
            signature = null;
        }
        else
        {
            signature?.VerifyChunk(Convert.ToHexStringLower(_chunkHash.GetHashAndReset()), _chunkSignature);
        }
        if (await raw.ReadLineAsync() is not "")
            throw S3Errors.IncompleteBody();
    }

    private async ValueTask EndAsync()
    {
        _ended = true;
        StringBuilder signed = new();
        string? trailerSignature = null;
        while (await raw.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                FinishTrailers(signed.ToString(), trailerSignature);
                if (await raw.SkipAsync(1) != 0)
                    throw MalformedTrailer();
                return;
            }
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (!trailing || colon <= 0)
                throw MalformedTrailer();
            string name = line[..colon].Trim().ToLowerInvariant();
            string value = line[(colon + 1)..].Trim();
            if (name == "x-amz-trailer-signature")
            {
                trailerSignature = value;
                continue;
            }
            if (!TrailerNames.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw MalformedTrailer();
            signed.Append(name).Append(':').Append(value).Append('\n');
            _trailers[name] = value;
        }
        throw S3Errors.IncompleteBody();
    }

    private void FinishTrailers(string signed, string? trailerSignature)
    {
        if (_total != decodedLength)
            throw S3Errors.IncompleteBody();
        if (TrailerNames.Any(n => !_trailers.ContainsKey(n.ToLowerInvariant())))
            throw MalformedTrailer();
        if (signature is null || !trailing)
            return;
        signature.VerifyTrailer(SigV4.HexSha256(Encoding.UTF8.GetBytes(signed)), trailerSignature ?? throw MalformedTrailer());
    }

    private static S3Exception MalformedTrailer() => new("MalformedTrailerError", 400,
        "The request contained trailing data that was not well-formed or did not conform to our published schema.");
}
