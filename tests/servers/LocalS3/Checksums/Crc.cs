using System.Buffers.Binary;

namespace LocalS3.Checksums;

/// <summary>A reflected CRC of up to 64 bits, computed from tables for sixteen bytes at a time.</summary>
internal sealed class Crc(Crc.Table table)
{
    private ulong _register = table.Ones;

    public void Append(ReadOnlySpan<byte> data) => _register = table.Update(_register, data);

    /// <summary>The value as S3 writes it: big-endian.</summary>
    public byte[] Finish()
    {
        byte[] all = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(all, _register ^ table.Ones);
        return all[(8 - table.Bytes)..];
    }

    internal sealed class Table
    {
        public static readonly Table Crc32 = new(0xEDB88320, 4);
        public static readonly Table Crc32C = new(0x82F63B78, 4);
        public static readonly Table Crc64Nvme = new(0x9A6C9329AC4BC9B5, 8);

        private readonly ulong[] _entries = new ulong[16 * 256];

        private Table(ulong reflectedPolynomial, int bytes)
        {
            (Bytes, Ones) = (bytes, bytes == 8 ? ulong.MaxValue : (1UL << (8 * bytes)) - 1);
            for (int i = 0; i < 256; i++)
            {
                ulong value = (ulong)i;
                for (int bit = 0; bit < 8; bit++)
                    value = (value & 1) != 0 ? (value >> 1) ^ reflectedPolynomial : value >> 1;
                _entries[i] = value;
            }
            for (int i = 256; i < _entries.Length; i++)
                _entries[i] = _entries[(int)(_entries[i - 256] & 0xFF)] ^ (_entries[i - 256] >> 8);
        }

        public int Bytes { get; }

        public ulong Ones { get; }

        public ulong Update(ulong register, ReadOnlySpan<byte> data)
        {
            ulong[] t = _entries;
            while (data.Length >= 16)
            {
                ulong a = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ register;
                ulong b = BinaryPrimitives.ReadUInt64LittleEndian(data[8..]);
                register = t[0xF00 + (int)(a & 0xFF)] ^ t[0xE00 + (int)((a >> 8) & 0xFF)]
                    ^ t[0xD00 + (int)((a >> 16) & 0xFF)] ^ t[0xC00 + (int)((a >> 24) & 0xFF)]
                    ^ t[0xB00 + (int)((a >> 32) & 0xFF)] ^ t[0xA00 + (int)((a >> 40) & 0xFF)]
                    ^ t[0x900 + (int)((a >> 48) & 0xFF)] ^ t[0x800 + (int)(a >> 56)]
                    ^ t[0x700 + (int)(b & 0xFF)] ^ t[0x600 + (int)((b >> 8) & 0xFF)]
                    ^ t[0x500 + (int)((b >> 16) & 0xFF)] ^ t[0x400 + (int)((b >> 24) & 0xFF)]
                    ^ t[0x300 + (int)((b >> 32) & 0xFF)] ^ t[0x200 + (int)((b >> 40) & 0xFF)]
                    ^ t[0x100 + (int)((b >> 48) & 0xFF)] ^ t[(int)(b >> 56)];
                data = data[16..];
            }
            foreach (byte value in data)
                register = t[(int)((register ^ value) & 0xFF)] ^ (register >> 8);
            return register;
        }
    }
}
