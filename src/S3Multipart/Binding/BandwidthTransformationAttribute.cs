using System.Collections;
using System.Management.Automation;
using S3Multipart.Core.Errors;

namespace S3Multipart.Binding;

/// <summary>
/// Lets a bandwidth be written as a number of bytes, with a unit (50MB), or as a timetable: @{ '08:00' = '5MB'; '19:00' = 'unlimited' }.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BandwidthTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = Unwrapped.Of(inputData);
        if (bare is BandwidthLimit limit)
        {
            return limit;
        }

        if (bare is not IDictionary table)
        {
            return RateOf(bare) is long rate ? new BandwidthLimit(rate)
                : throw new ArgumentTransformationMetadataException("To send without a limit, leave -MaxBandwidth out.");
        }

        List<(TimeOnly, long?)> lines = [];
        foreach ((string time, string rate) in TextTable.Read(table))
        {
            lines.Add((
                BandwidthLimit.TryParseTime(time, out TimeOnly from) ? from
                    : throw new ArgumentTransformationMetadataException($"'{time}' is not a time of the day. Write it like 08:00."),
                RateOf(rate)));
        }

        if (lines.GroupBy(line => line.Item1).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentTransformationMetadataException($"The timetable gives {twice.Key:HH:mm} twice.");
        }

        return lines.Count > 0 ? new BandwidthLimit(lines)
            : throw new ArgumentTransformationMetadataException("The timetable is empty. Write it like @{ '08:00' = '5MB' }.");
    }

    private static long? RateOf(object? value) => BandwidthLimit.TryParseRate(Convert.ToString(value, null) ?? "", out long? rate)
        ? rate
        : throw new ArgumentTransformationMetadataException(Failure.Invariant($"'{value}' is not a bandwidth of at least ")
            + $"{BandwidthLimit.Least} bytes per second. Write a number of bytes, or one with a unit: 50MB; in a timetable also "
            + "'unlimited'.");
}
