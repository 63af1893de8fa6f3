using System.Management.Automation;
using S3Multipart.Core.Text;

namespace S3Multipart.Binding;

/// <summary>Lets a size be written as people do: 64MB, "64 MiB", 1.5GB. Units are powers of 1024.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ByteSizeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Unwrapped.Of(inputData) is not string text ? inputData
        : ByteSize.TryParse(text, out long bytes) ? bytes
        : throw new ArgumentTransformationMetadataException(
            $"'{text}' is not a size. Write a number of bytes, or one with a unit: 64MB, 1.5GB.");
}

/// <summary>Lets an age be written as people do: 7d, 12h, 90m, besides a TimeSpan.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AgeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Unwrapped.Of(inputData) switch
        {
            TimeSpan => inputData,
            string text when text.Contains(':', StringComparison.Ordinal) => inputData,
            // Written bare, 7d and 45s are numbers to PowerShell, which keeps the text that they were written as.
            _ when Age.TryParse(inputData.ToString() ?? "", out TimeSpan age) => age,
            _ => throw new ArgumentTransformationMetadataException(
                $"'{inputData}' is not an age. Write a number with a unit (7d, 12h, 90m, 45s, 2w) or a TimeSpan (1.12:00:00)."),
        };
}

/// <summary>Lets a Region be given as what Get-AWSRegion of AWS Tools returns, or as a RegionEndpoint, besides its name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RegionTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => NameOf(inputData) ?? inputData;

    internal static string? NameOf(object? region)
    {
        object? bare = Unwrapped.Of(region);
        return bare as string
            ?? bare?.GetType().GetProperty("Region")?.GetValue(bare) as string
            ?? bare?.GetType().GetProperty("SystemName")?.GetValue(bare) as string;
    }
}
