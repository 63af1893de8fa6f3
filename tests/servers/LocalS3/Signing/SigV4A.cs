using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace LocalS3.Signing;

/// <summary>
/// AWS Signature Version 4A: ECDSA over P-256 with a key that both sides derive from the secret key. Written from its specification.
/// </summary>
internal static class SigV4A
{
    public const string Algorithm = "AWS4-ECDSA-P256-SHA256";

    public static bool Verify(Credential credential, string stringToSign, string signature)
    {
        using ECDsa key = DeriveKey(credential.AccessKey, credential.SecretKey);
        try
        {
            return key.VerifyData(
                Encoding.UTF8.GetBytes(stringToSign), Convert.FromHexString(signature), HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static ECDsa DeriveKey(string accessKey, string secretKey)
    {
        BigInteger order = BigInteger.Parse("115792089210356248762697446949407573529996955224135760342422259061068512044369",
            System.Globalization.CultureInfo.InvariantCulture);
        for (int counter = 1; counter < 255; counter++)
        {
            using MemoryStream input = new();
            input.Write([0, 0, 0, 1]);
            input.Write(Encoding.ASCII.GetBytes(Algorithm));
            input.WriteByte(0);
            input.Write(Encoding.ASCII.GetBytes(accessKey));
            input.WriteByte((byte)counter);
            input.Write([0, 0, 1, 0]);
            byte[] derived = HMACSHA256.HashData(Encoding.ASCII.GetBytes("AWS4A" + secretKey), input.ToArray());
            BigInteger number = new(derived, isUnsigned: true, isBigEndian: true);
            if (number > order - 2)
                continue;
            string hex = (number + 1).ToString("x64", System.Globalization.CultureInfo.InvariantCulture);
            return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Convert.FromHexString(hex[^64..]) });
        }
        throw new CryptographicException("No signing key can be derived from these credentials.");
    }
}
