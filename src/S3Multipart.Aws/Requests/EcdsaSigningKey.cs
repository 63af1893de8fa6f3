using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// The key of Signature Version 4A, which is asymmetric so that one signature holds in all Regions of a multi-Region access point. It is
/// derived from the access key and its secret by the key derivation function of NIST SP 800-108 in counter mode (AWS General Reference).
/// </summary>
internal static class EcdsaSigningKey
{
    internal const string Algorithm = "AWS4-ECDSA-P256-SHA256";

    private const byte LastCounter = 254;

    /// <summary>The order of the curve P-256, less two: the largest candidate that becomes a private key.</summary>
    private static readonly BigInteger s_largest = BigInteger.Parse(
        "0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture) - 2;

    internal static ECDsa Derive(string accessKey, string secretKey)
    {
        byte[] inputKey = Encoding.UTF8.GetBytes("AWS4A" + secretKey);
        byte[] label = Encoding.UTF8.GetBytes(Algorithm);
        byte[] context = Encoding.UTF8.GetBytes(accessKey);
        for (byte counter = 1; counter <= LastCounter; counter++)
        {
            byte[] fixedInput = [0, 0, 0, 1, .. label, 0, .. context, counter, 0, 0, 1, 0];
            BigInteger candidate = new(HMACSHA256.HashData(inputKey, fixedInput), isUnsigned: true, isBigEndian: true);
            if (candidate <= s_largest)
            {
                byte[] key = new byte[32];
                byte[] value = (candidate + 1).ToByteArray(isUnsigned: true, isBigEndian: true);
                value.CopyTo(key, key.Length - value.Length);
                return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = key });
            }
        }

        throw new CryptographicException("No signing key follows from this access key.");
    }
}
