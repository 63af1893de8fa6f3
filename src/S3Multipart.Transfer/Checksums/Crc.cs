using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Pclmulqdq = System.Runtime.Intrinsics.X86.Pclmulqdq;

namespace S3Multipart.Checksums;

/// <summary>
/// A reflected CRC of 32 or 64 bits with a register of ones before and after, as S3's are. Long input is folded by carry-less
/// multiplication where the processor has it; the rest, and other processors, go through tables, eight bytes a step.
/// </summary>
internal sealed class Crc
{
    internal static readonly Crc Crc64Nvme = new(64, 0x9a6c_9329_ac4b_c9b5);
    internal static readonly Crc Crc32 = new(32, 0xedb8_8320);
    internal static readonly Crc Crc32C = new(32, 0x82f6_3b78);

    private const int FoldedBytes = 128;

    private readonly int _width;
    private readonly ulong _polynomial;
    private readonly ulong _ones;
    private readonly ulong[] _tables;
    private readonly Vector128<ulong> _by128Bytes;
    private readonly Vector128<ulong> _by16Bytes;

    private Crc(int width, ulong reflectedPolynomial)
    {
        _width = width;
        _polynomial = reflectedPolynomial;
        _ones = ulong.MaxValue >> (64 - width);
        _tables = MakeTables();

        // Multiplying reflected halves yields the product times x, hence the powers that are one short: the low half of an
        // accumulator stands 64 bits further from the end than the high half.
        _by128Bytes = Vector128.Create(FoldConstant(1024 + 63), FoldConstant(1024 - 1));
        _by16Bytes = Vector128.Create(FoldConstant(128 + 63), FoldConstant(128 - 1));
    }

    internal static bool IsAccelerated => X86Pclmulqdq.IsSupported || ArmAes.IsSupported;

    /// <summary>The number of bytes of a value.</summary>
    internal int Size => _width / 8;

    /// <summary>The CRC of some bytes after others: <paramref name="crc"/> is the value of those before, 0 at the start.</summary>
    internal ulong Append(ulong crc, ReadOnlySpan<byte> bytes)
    {
        ulong register = crc ^ _ones;
        if (IsAccelerated && bytes.Length >= 2 * FoldedBytes)
        {
            int folded = bytes.Length & ~15;
            register = Fold(register, bytes[..folded]);
            bytes = bytes[folded..];
        }

        return Walk(register, bytes) ^ _ones;
    }

    /// <summary>As <see cref="Append"/>, by tables only: what a processor without carry-less multiplication does.</summary>
    internal ulong AppendByTable(ulong crc, ReadOnlySpan<byte> bytes) => Walk(crc ^ _ones, bytes) ^ _ones;

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

    private ulong Walk(ulong register, ReadOnlySpan<byte> bytes)
    {
        ulong[] t = _tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            ulong x = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ register;
            register = t[0x700 + (int)(x & 0xff)] ^ t[0x600 + (int)((x >> 8) & 0xff)]
                ^ t[0x500 + (int)((x >> 16) & 0xff)] ^ t[0x400 + (int)((x >> 24) & 0xff)]
                ^ t[0x300 + (int)((x >> 32) & 0xff)] ^ t[0x200 + (int)((x >> 40) & 0xff)]
                ^ t[0x100 + (int)((x >> 48) & 0xff)] ^ t[(int)(x >> 56)];
        }

        foreach (byte b in bytes)
        {
            register = t[(int)((register ^ b) & 0xff)] ^ (register >> 8);
        }

        return register;
    }

    /// <summary>Folds whole 16-byte blocks, at least eight of them, into one that has the same remainder, and takes that.</summary>
    private ulong Fold(ulong register, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector128<ulong>> blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        Vector128<ulong> a = blocks[0] ^ Vector128.CreateScalar(register);
        Vector128<ulong> b = blocks[1], c = blocks[2], d = blocks[3], e = blocks[4], f = blocks[5], g = blocks[6], h = blocks[7];
        Vector128<ulong> far = _by128Bytes, near = _by16Bytes;
        for (blocks = blocks[8..]; blocks.Length >= 8; blocks = blocks[8..])
        {
            a = Shift(a, far) ^ blocks[0];
            b = Shift(b, far) ^ blocks[1];
            c = Shift(c, far) ^ blocks[2];
            d = Shift(d, far) ^ blocks[3];
            e = Shift(e, far) ^ blocks[4];
            f = Shift(f, far) ^ blocks[5];
            g = Shift(g, far) ^ blocks[6];
            h = Shift(h, far) ^ blocks[7];
        }

        b ^= Shift(a, near);
        c ^= Shift(b, near);
        d ^= Shift(c, near);
        e ^= Shift(d, near);
        f ^= Shift(e, near);
        g ^= Shift(f, near);
        h ^= Shift(g, near);
        foreach (Vector128<ulong> block in blocks)
        {
            h = Shift(h, near) ^ block;
        }

        Span<byte> last = stackalloc byte[16];
        h.AsByte().CopyTo(last);
        return Walk(0, last);
    }

    private static Vector128<ulong> Shift(Vector128<ulong> block, Vector128<ulong> by) => X86Pclmulqdq.IsSupported
        ? X86Pclmulqdq.CarrylessMultiply(block, by, 0x00) ^ X86Pclmulqdq.CarrylessMultiply(block, by, 0x11)
        : ArmAes.PolynomialMultiplyWideningLower(block.GetLower(), by.GetLower()) ^ ArmAes.PolynomialMultiplyWideningUpper(block, by);

    private ulong[] MakeTables()
    {
        ulong[] tables = new ulong[8 * 256];
        for (int i = 0; i < 256; i++)
        {
            ulong value = (ulong)i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = TimesX(value);
            }

            tables[i] = value;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            tables[i] = tables[(int)(tables[i - 256] & 0xff)] ^ (tables[i - 256] >> 8);
        }

        return tables;
    }

    private ulong TimesX(ulong value) => (value >> 1) ^ ((value & 1) == 0 ? 0 : _polynomial);

    private ulong FoldConstant(int power)
    {
        ulong value = 1UL << (_width - 1);
        for (; power > 0; power--)
        {
            value = TimesX(value);
        }

        return value << (64 - _width);
    }

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
