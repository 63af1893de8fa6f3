using System.Globalization;
using System.Management.Automation;
using S3Multipart.Core.Text;

namespace S3Multipart.Binding;

/// <summary>
/// Lets a time be written as a number of seconds, with a unit (2m), or as a TimeSpan. PowerShell itself would take a number for ticks.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IdleTimeoutTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = Unwrapped.Of(inputData);
        string text = inputData?.ToString() ?? "";
        TimeSpan? time = bare is TimeSpan given ? given
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
                && seconds <= s_longest.TotalSeconds ? TimeSpan.FromSeconds(seconds)
            : Age.TryParse(text, out TimeSpan age) ? age
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan parsed) ? parsed
            : null;
        return time is { } found && found > TimeSpan.Zero && found <= s_longest
            ? found
            : throw new ArgumentTransformationMetadataException(
                $"'{text}' is not a time of up to a day. Write seconds (30), a number with a unit (2m), or a TimeSpan (00:02:00).");
    }
}
