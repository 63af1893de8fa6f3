using LocalS3.Protocol;

namespace LocalS3.Signing;

/// <summary>Verifies the chunks and the trailer of a signed streaming payload; each signature includes the one before it.</summary>
internal sealed class ChunkSignature(byte[] signingKey, string amzDate, string scope, string requestSignature)
{
    private string _previous = requestSignature;

    public void VerifyChunk(string dataHash, string provided) =>
        Verify($"AWS4-HMAC-SHA256-PAYLOAD\n{amzDate}\n{scope}\n{_previous}\n{SigV4.EmptyHash}\n{dataHash}", provided);

    public void VerifyTrailer(string trailerHash, string provided) =>
        Verify($"AWS4-HMAC-SHA256-TRAILER\n{amzDate}\n{scope}\n{_previous}\n{trailerHash}", provided);

    private void Verify(string stringToSign, string provided)
    {
        _previous = SigV4.Sign(signingKey, stringToSign);
        if (!SigV4.AreEqual(_previous, provided))
        {
            throw new S3Exception("SignatureDoesNotMatch", 403,
                "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
                ("StringToSign", stringToSign), ("SignatureProvided", provided));
        }
    }
}
