using System.Globalization;

namespace S3Multipart.Core.Text;

/// <summary>A number with what it counts.</summary>
internal static class Count
{
    /// <summary>"1 part", "2,048 parts".</summary>
    /// <param name="number">The number.</param>
    /// <param name="noun">What is counted: one of it.</param>
    internal static string Of(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {noun}{(number == 1 ? "" : "s")}");
}
