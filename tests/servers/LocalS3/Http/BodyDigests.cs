using System.Security.Cryptography;
using LocalS3.Checksums;
using LocalS3.Protocol;

namespace LocalS3.Http;

/// <summary>
/// The digests of a request body: Content-MD5 and one x-amz-checksum-*, sent as a header or as a trailer. Only those are computed that
/// the client sent or the server needs.
/// </summary>
internal sealed class BodyDigests : IDisposable
{
    private readonly byte[]? _expectedMd5;
    private readonly string? _expectedChecksum;
    private readonly bool _inTrailer;
    private IncrementalHash? _md5;
    private IChecksum? _checksum;

    private BodyDigests(byte[]? expectedMd5, ChecksumAlgorithm? algorithm, string? expectedChecksum, bool inTrailer)
    {
        (_expectedMd5, Algorithm, _expectedChecksum, _inTrailer) = (expectedMd5, algorithm, expectedChecksum, inTrailer);
        SentByClient = algorithm is not null;
    }

    public ChecksumAlgorithm? Algorithm { get; private set; }

    public bool SentByClient { get; }

    public bool HasContentMd5 => _expectedMd5 is not null;

    public byte[]? Md5 { get; private set; }

    /// <summary>The computed checksum in base64, or the client's if none was computed.</summary>
    public string? Checksum { get; private set; }

    public static BodyDigests FromRequest(S3Request request)
    {
        byte[]? md5 = ExpectedMd5(request);
        ChecksumAlgorithm? algorithm = null;
        string? value = null;
        foreach (string name in request.Headers.Keys.Where(n => n.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase)))
        {
            if (name.Equals("x-amz-checksum-type", StringComparison.OrdinalIgnoreCase)
                || name.Equals("x-amz-checksum-algorithm", StringComparison.OrdinalIgnoreCase)
                || name.Equals("x-amz-checksum-mode", StringComparison.OrdinalIgnoreCase))
                continue;
            if (algorithm is not null)
                throw S3Errors.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            algorithm = ChecksumAlgorithm.FindHeader(name)
                ?? throw S3Errors.InvalidRequest("The algorithm type you specified in x-amz-checksum- header is invalid.");
            value = request.Header(name)!;
            if (!algorithm.IsValue(value))
                throw S3Errors.InvalidRequest($"Value for {algorithm.Header} header is invalid.");
        }
        bool inTrailer = false;
        if (request.Body.TrailerNames is [var trailer, ..])
        {
            if (algorithm is not null)
                throw S3Errors.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            algorithm = ChecksumAlgorithm.FindHeader(trailer)
                ?? throw S3Errors.InvalidRequest("The value specified in the x-amz-trailer header is not supported");
            inTrailer = true;
        }
        CheckSdkAlgorithm(request, algorithm);
        return new BodyDigests(md5, algorithm, value, inTrailer);
    }

    /// <summary>For CompleteMultipartUpload, where x-amz-checksum-* is the object's and only Content-MD5 the body's.</summary>
    public static void VerifyMd5(S3Request request, byte[] body)
    {
        if (ExpectedMd5(request) is { } expected && MD5.HashData(body) is var computed && !expected.AsSpan().SequenceEqual(computed))
            throw S3Errors.BadDigestMd5(Convert.ToBase64String(expected), Convert.ToBase64String(computed));
    }

    private static byte[]? ExpectedMd5(S3Request request)
    {
        if (request.Header("Content-MD5") is not { } text)
            return null;
        byte[] md5 = new byte[16];
        return Convert.TryFromBase64String(text, md5, out int length) && length == 16 ? md5 : throw S3Errors.InvalidDigest(text);
    }

    private static void CheckSdkAlgorithm(S3Request request, ChecksumAlgorithm? algorithm)
    {
        if (request.Header("x-amz-sdk-checksum-algorithm") is not { } named)
            return;
        if (algorithm is null)
        {
            throw S3Errors.InvalidRequest("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* "
                + "or x-amz-trailer headers were found.");
        }
        if (!named.Equals(algorithm.Name, StringComparison.OrdinalIgnoreCase))
            throw S3Errors.InvalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.");
    }

    /// <summary>Starts computing: the MD5 if it is the ETag or was sent, and a checksum that was sent or that the server needs.</summary>
    public void Start(bool needMd5, ChecksumAlgorithm? required)
    {
        Algorithm ??= required;
        if (needMd5 || _expectedMd5 is not null)
            _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        _checksum = Algorithm?.Create();
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        _md5?.AppendData(data);
        _checksum?.Append(data);
    }

    /// <summary>Ends the computation and compares.</summary>
    public void Verify(RequestBody body)
    {
        Md5 = _md5?.GetHashAndReset();
        if (_expectedMd5 is not null && Md5 is not null && !_expectedMd5.AsSpan().SequenceEqual(Md5))
            throw S3Errors.BadDigestMd5(Convert.ToBase64String(_expectedMd5), Convert.ToBase64String(Md5));
        string? expected = Expected(body);
        Checksum = _checksum is null ? expected : Convert.ToBase64String(_checksum.Finish());
        if (expected is not null && expected != Checksum)
            throw S3Errors.BadDigest(Algorithm!.Name);
    }

    private string? Expected(RequestBody body)
    {
        if (!_inTrailer)
            return _expectedChecksum;
        string? sent = body.Trailer(Algorithm!.Header);
        if (sent is null)
            throw new S3Exception("MalformedTrailerError", 400,
                "The request contained trailing data that was not well-formed or did not conform to our published schema.");
        if (!Algorithm.IsValue(sent))
            throw S3Errors.InvalidRequest($"Value for {Algorithm.Header} trailing header is invalid.");
        return sent;
    }

    public void Dispose()
    {
        _md5?.Dispose();
        _checksum?.Dispose();
    }
}
