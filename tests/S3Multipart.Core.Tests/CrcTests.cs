using S3Multipart.Transfer.Checksums;

namespace S3Multipart.Tests;

public sealed class CrcTests
{
    public static TheoryData<string, ulong> CheckValues => new()
    {
        { "CRC64NVME", 0xae8b_1486_0a79_9888 },
        { "CRC32", 0xcbf4_3926 },
        { "CRC32C", 0xe306_9283 },
    };

    public static TheoryData<string, ulong> Polynomials => new()
    {
        { "CRC64NVME", 0x9a6c_9329_ac4b_c9b5 },
        { "CRC32", 0xedb8_8320 },
        { "CRC32C", 0x82f6_3b78 },
    };

    [Theory]
    [MemberData(nameof(CheckValues))]
    public void The_check_value_of_the_catalogue_is_met(string name, ulong expected)
    {
        Crc crc = WholeChecksum.CrcOf(name)!;
        Assert.Equal(expected, crc.Of("123456789"u8));
    }

    [Theory]
    [MemberData(nameof(Polynomials))]
    public void Every_length_and_split_equals_the_bitwise_definition(string name, ulong polynomial)
    {
        Crc crc = WholeChecksum.CrcOf(name)!;
        Random random = new(7);
        byte[] bytes = new byte[3_000];
        random.NextBytes(bytes);
        for (int length = 0; length < bytes.Length; length += length < 700 ? 1 : 97)
        {
            // Unaligned starts, because slices of a part begin anywhere.
            ReadOnlySpan<byte> input = bytes.AsSpan(length % 16, Math.Min(length, bytes.Length - 16));
            ulong expected = Bitwise(input, polynomial, crc.Size * 8);
            Assert.Equal(expected, crc.Of(input));
            int cut = random.Next(input.Length + 1);
            Assert.Equal(expected, InTwo(crc, input[..cut], input[cut..]));
            Assert.Equal(expected, crc.Combine(crc.Of(input[..cut]), crc.Of(input[cut..]), input.Length - cut));
        }
    }

    [Theory]
    [MemberData(nameof(Polynomials))]
    public void Combining_ten_thousand_parts_equals_the_whole(string name, ulong polynomial)
    {
        Assert.NotEqual(0UL, polynomial);
        Crc crc = WholeChecksum.CrcOf(name)!;
        byte[] bytes = new byte[1_000_003];
        new Random(3).NextBytes(bytes);
        ulong combined = 0;
        for (int start = 0; start < bytes.Length; start += 101)
        {
            ReadOnlySpan<byte> part = bytes.AsSpan(start, Math.Min(101, bytes.Length - start));
            combined = crc.Combine(combined, crc.Of(part), part.Length);
        }

        Assert.Equal(crc.Of(bytes), combined);
    }

    [Fact]
    public void Base64_is_the_big_endian_value_of_the_right_width()
    {
        Assert.Equal("rosUhgp5mIg=", Crc.Crc64Nvme.ToBase64(0xae8b_1486_0a79_9888));
        Assert.Equal("y/Q5Jg==", Crc.Crc32.ToBase64(0xcbf4_3926));
        Assert.True(Crc.Crc64Nvme.TryFromBase64("rosUhgp5mIg=", out ulong wide));
        Assert.Equal(0xae8b_1486_0a79_9888, wide);
        Assert.True(Crc.Crc32.TryFromBase64("y/Q5Jg==", out ulong narrow));
        Assert.Equal(0xcbf4_3926UL, narrow);
    }

    [Theory]
    [InlineData("y/Q5Jg==")]
    [InlineData("not base64!")]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Base64_of_another_width_is_refused(string text) => Assert.False(Crc.Crc64Nvme.TryFromBase64(text, out _));

    private static ulong InTwo(Crc crc, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        System.IO.Hashing.NonCryptographicHashAlgorithm begun = crc.Begin();
        begun.Append(first);
        begun.Append(second);
        return Crc.ValueOf(begun);
    }

    private static ulong Bitwise(ReadOnlySpan<byte> bytes, ulong polynomial, int width)
    {
        ulong ones = ulong.MaxValue >> (64 - width);
        ulong register = ones;
        foreach (byte b in bytes)
        {
            register ^= b;
            for (int i = 0; i < 8; i++)
            {
                register = (register >> 1) ^ ((register & 1) == 0 ? 0 : polynomial);
            }
        }

        return register ^ ones;
    }
}
