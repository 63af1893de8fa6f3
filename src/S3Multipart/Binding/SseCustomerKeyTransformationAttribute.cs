using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Security;

namespace S3Multipart.Binding;

/// <summary>Takes a customer key as 32 bytes, as their base64, or as that in a SecureString. No message repeats what was given.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SseCustomerKeyTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = Unwrapped.Of(inputData);
        SseCustomerKey? key = bare as SseCustomerKey;
        bool isRight = key is not null || bare switch
        {
            string text => SseCustomerKey.TryParse(text, out key),
            SecureString secret => SseCustomerKey.TryParse(Reveal(secret), out key),
            _ => PipedBytes.TryRead(bare, out ReadOnlyMemory<byte> bytes) && SseCustomerKey.TryMake(bytes.Span, out key),
        };
        return isRight
            ? key!
            : throw new ArgumentTransformationMetadataException(
                "A customer key (SSE-C) has 32 bytes: give a byte[], their base64, or a SecureString of that.");
    }

    private static string Reveal(SecureString secret)
    {
        nint text = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(text)!;
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(text);
        }
    }
}
