using System.Buffers.Binary;
using System.IO.Hashing;

namespace S3Multipart.Transfer.Checksums;

/// <summary>
/// A reflected CRC of 32 or 64 bits with a register of ones before and after, as S3's are. System.IO.Hashing computes it; what it lacks
/// is the CRC of a whole from those of its parts, and S3's text form.
/// </summary>
internal sealed class Crc
{
    internal static readonly Crc Crc64Nvme = new(64, 0x9a6c_9329_ac4b_c9b5, () => new Crc64(Crc64ParameterSet.Nvme));
    internal static readonly Crc Crc32 = new(32, 0xedb8_8320, () => new System.IO.Hashing.Crc32(Crc32ParameterSet.Crc32));
    internal static readonly Crc Crc32C = new(32, 0x82f6_3b78, () => new System.IO.Hashing.Crc32(Crc32ParameterSet.Crc32C));

    private readonly int _width;
    private readonly ulong _polynomial;
    private readonly Func<NonCryptographicHashAlgorithm> _begin;

    private Crc(int width, ulong reflectedPolynomial, Func<NonCryptographicHashAlgorithm> begin)
    {
        _width = width;
        _polynomial = reflectedPolynomial;
        _begin = begin;
    }

    /// <summary>The number of bytes of a value.</summary>
    internal int Size => _width / 8;

    /// <summary>Begins a value, to which bytes are appended.</summary>
    internal NonCryptographicHashAlgorithm Begin() => _begin();

    /// <summary>The value of the bytes appended so far.</summary>
    internal static ulong ValueOf(NonCryptographicHashAlgorithm begun) =>
        begun is Crc64 wide ? wide.GetCurrentHashAsUInt64() : ((System.IO.Hashing.Crc32)begun).GetCurrentHashAsUInt32();

    internal ulong Of(ReadOnlySpan<byte> bytes)
    {
        NonCryptographicHashAlgorithm begun = Begin();
        begun.Append(bytes);
        return ValueOf(begun);
    }

    /// <summary>The CRC of two runs of bytes, one after the other, from the CRC of each and the second one's length.</summary>
    internal ulong Combine(ulong first, ulong second, long secondLength) => Multiply(PowerOfX(secondLength, 3), first) ^ second;

    /// <summary>A value as S3 writes it: its bytes, the highest first, in base64.</summary>
    internal string ToBase64(ulong crc)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, crc);
        return Convert.ToBase64String(bytes[(8 - Size)..]);
    }

    internal bool TryFromBase64(string text, out ulong crc)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        Span<byte> buffer = stackalloc byte[16];
        bool right = Convert.TryFromBase64String(text, buffer, out int written) && written == Size;
        if (right)
        {
            buffer[..written].CopyTo(bytes[(8 - Size)..]);
        }

        crc = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return right;
    }

    private ulong TimesX(ulong value) => (value >> 1) ^ ((value & 1) == 0 ? 0 : _polynomial);

    private ulong Multiply(ulong a, ulong b)
    {
        ulong product = 0;
        for (ulong bit = 1UL << (_width - 1); bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0)
            {
                product ^= b;
            }

            b = TimesX(b);
        }

        return product;
    }

    /// <summary>x to the power of <paramref name="n"/> times two to the power of <paramref name="log2"/>.</summary>
    private ulong PowerOfX(long n, int log2)
    {
        ulong result = 1UL << (_width - 1);
        ulong square = result >> 1;
        for (; log2 > 0; log2--)
        {
            square = Multiply(square, square);
        }

        for (; n > 0; n >>= 1)
        {
            if ((n & 1) != 0)
            {
                result = Multiply(square, result);
            }

            square = Multiply(square, square);
        }

        return result;
    }
}
