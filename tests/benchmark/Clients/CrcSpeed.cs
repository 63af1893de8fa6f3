using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using S3Multipart.Checksums;

namespace S3Multipart.Benchmark;

/// <summary>
/// The speed of the checksums on one core over 1 GiB in memory: the best of five, in GB/s, since others may use the memory too.
/// </summary>
internal static class CrcSpeed
{
    private delegate ulong Step(ulong crc, ReadOnlySpan<byte> bytes);

    internal static void Run()
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(1 << 30);
        RandomNumberGenerator.Fill(bytes);
        Print("CRC64NVME", "vector", Crc.Crc64Nvme.Append, bytes);
        Print("CRC64NVME", "table", Crc.Crc64Nvme.AppendByTable, bytes);
        Print("CRC32", "vector", Crc.Crc32.Append, bytes);
        Print("CRC32", "table", Crc.Crc32.AppendByTable, bytes);
        Print("CRC32C", "vector", Crc.Crc32C.Append, bytes);
        Print("CRC32C", "table", Crc.Crc32C.AppendByTable, bytes);
    }

    private static void Print(string name, string path, Step step, byte[] bytes)
    {
        // Enough calls that the code of the highest tier is there before the clock runs.
        for (int i = 0; i < 400; i++)
        {
            step(0, bytes.AsSpan(i << 16, 1 << 16));
        }

        Thread.Sleep(300);
        double[] speeds = new double[5];
        for (int i = 0; i < speeds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            step(0, bytes);
            speeds[i] = bytes.Length / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {path} {speeds.Max():f2}"));
    }
}
