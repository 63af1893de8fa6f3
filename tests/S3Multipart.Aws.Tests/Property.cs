using CsCheck;

namespace S3Multipart.Aws.Tests;

/// <summary>The same random values in every run; what fails is made small by CsCheck, and told with the seed that makes it again.</summary>
internal static class Property
{
    private const int ShrinkingTries = 20_000;

    internal static void Holds<T>(this Gen<T> values, Action<T> check, int count)
    {
        for (uint stream = 0; stream < count; stream++)
        {
            PCG random = new(stream, 20130524);
            string seed = random.ToString();
            T value = values.Generate(random, null, out _);
            try
            {
                check(value);
            }
            catch (Exception)
            {
                values.Sample(check, seed: seed, iter: ShrinkingTries, threads: 1);
                throw;
            }
        }
    }
}
