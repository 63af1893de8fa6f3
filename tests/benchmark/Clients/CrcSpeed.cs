using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace S3Multipart.Benchmark;

/// <summary>
/// The speed of the checksums on one core over 1 GiB in memory: the best of five, in GB/s, since others may use the memory too.
/// </summary>
internal static class CrcSpeed
{
    internal static void Run()
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(1 << 30);
        RandomNumberGenerator.Fill(bytes);
        Print("CRC64NVME", new Crc64(Crc64ParameterSet.Nvme), bytes);
        Print("CRC32", new Crc32(Crc32ParameterSet.Crc32), bytes);
        Print("CRC32C", new Crc32(Crc32ParameterSet.Crc32C), bytes);
    }

    private static void Print(string name, NonCryptographicHashAlgorithm hash, byte[] bytes)
    {
        // Enough calls that the code of the highest tier is there before the clock runs.
        for (int i = 0; i < 400; i++)
        {
            hash.Append(bytes.AsSpan(i << 16, 1 << 16));
        }

        Thread.Sleep(300);
        double[] speeds = new double[5];
        for (int i = 0; i < speeds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            hash.Append(bytes);
            speeds[i] = bytes.Length / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} vector {speeds.Max():f2}"));
    }
}
