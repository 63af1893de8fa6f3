using System.Collections;
using System.Management.Automation;

namespace S3Multipart.Binding;

/// <summary>
/// Reads bytes from what was piped. The engine is not left to convert it: input that it cannot convert never reaches the cmdlet, which
/// would then complete an object without those bytes.
/// </summary>
internal static class PipedBytes
{
    internal static bool TryRead(object? input, out ReadOnlyMemory<byte> bytes)
    {
        object? bare = Bare(input);
        bytes = default;
        switch (bare)
        {
            case byte[] array:
                bytes = array;
                return true;
            case IList list:
                byte[] copy = new byte[list.Count];
                for (int i = 0; i < copy.Length; i++)
                {
                    if (!TryReadOne(Bare(list[i]), out copy[i]))
                    {
                        return false;
                    }
                }

                bytes = copy;
                return true;
            default:
                bool isOne = TryReadOne(bare, out byte one);
                bytes = isOne ? new[] { one } : default;
                return isOne;
        }
    }

    /// <summary>A byte, or a whole number that fits one, as the shell makes of a literal. Text of digits is text.</summary>
    private static bool TryReadOne(object? input, out byte value)
    {
        long number = input switch
        {
            byte b => b,
            int i => i,
            long l => l,
            _ => -1,
        };
        value = unchecked((byte)number);
        return number is >= byte.MinValue and <= byte.MaxValue;
    }

    private static object? Bare(object? input) => Unwrapped.Of(input);
}
