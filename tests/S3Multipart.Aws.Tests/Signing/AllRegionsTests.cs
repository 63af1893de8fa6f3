using System.Security.Cryptography;
using System.Text;
using S3Multipart.Aws.Requests;

namespace S3Multipart.Aws.Tests.Signing;

/// <summary>Signature Version 4A, by which multi-Region access points are signed for.</summary>
public sealed class AllRegionsTests
{
    private static readonly SigningCase s_case = new()
    {
        Method = "PUT",
        Host = "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com",
        Key = "a b/é",
        Query = "partNumber=1&uploadId=u",
        Headers = [("content-md5", "x==")],
        PayloadHash = "UNSIGNED-PAYLOAD",
        AccessKey = "AKISORANDOMAASORANDOM",
        SecretKey = "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom",
        Token = "token",
        Region = "us-west-2",
        Scheme = SigningScheme.AllRegions,
    };

    /// <summary>
    /// The pair of keys that AWS's C library derives from this access key in its own tests (awslabs/aws-c-auth,
    /// tests/key_derivation_tests.c).
    /// </summary>
    [Fact]
    public void The_key_is_derived_as_AWS_derives_it()
    {
        using ECDsa key = EcdsaSigningKey.Derive(s_case.AccessKey!, s_case.SecretKey);
        ECPoint point = key.ExportParameters(includePrivateParameters: false).Q;
        Assert.Equal("15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb", Convert.ToHexStringLower(point.X!));
        Assert.Equal("0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0", Convert.ToHexStringLower(point.Y!));
    }

    [Fact]
    public void The_scope_has_no_Region_and_a_header_names_all()
    {
        SignedMessage message = SignedMessage.Of(new RequestSigner(), s_case);
        Assert.Equal("AWS4-ECDSA-P256-SHA256", message.Algorithm);
        Assert.Equal("20130524/s3/aws4_request", message.Scope);
        Assert.Equal("*", message.Header("x-amz-region-set"));
        Assert.Equal("content-md5;host;x-amz-content-sha256;x-amz-date;x-amz-region-set;x-amz-security-token", message.SignedHeaders);
    }

    [Fact]
    public void The_public_key_verifies_the_signature_of_the_string_to_sign()
    {
        RequestSigner signer = new();
        Assert.All(Enumerable.Range(0, 20), i =>
        {
            SigningCase signing = s_case with { Key = $"{s_case.Key}{i}" };
            SignedMessage message = SignedMessage.Of(signer, signing);
            Assert.True(IsVerified(message, signing, signing.Key));
            Assert.False(IsVerified(message, signing, signing.Key + "x"));
        });
    }

    [Fact]
    public void One_signer_serves_two_access_keys_on_many_threads()
    {
        RequestSigner signer = new();
        SigningCase other = s_case with { AccessKey = "AKIAIOSFODNN7EXAMPLE" };
        Parallel.For(0, 200, i =>
        {
            SigningCase signing = i % 2 == 0 ? s_case : other;
            Assert.True(IsVerified(SignedMessage.Of(signer, signing), signing, signing.Key));
        });
    }

    private static bool IsVerified(SignedMessage message, SigningCase signing, string key)
    {
        string canonical = message.CanonicalRequest();
        string path = "/" + Specification.Encode(signing.Key, keepsSlash: true);
        Assert.Contains($"\n{path}\n", canonical, StringComparison.Ordinal);
        canonical = canonical.Replace(path, "/" + Specification.Encode(key, keepsSlash: true), StringComparison.Ordinal);
        string text = Specification.StringToSign("AWS4-ECDSA-P256-SHA256", signing.Time, "20130524/s3/aws4_request", canonical);
        using ECDsa pair = EcdsaSigningKey.Derive(signing.AccessKey!, signing.SecretKey);
        using ECDsa publicKey = ECDsa.Create(pair.ExportParameters(includePrivateParameters: false));
        return publicKey.VerifyData(
            Encoding.UTF8.GetBytes(text),
            Convert.FromHexString(message.Signature),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence);
    }
}
