using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws.Identity;

/// <summary>
/// What all tools of AWS read of the environment, and else of the profile, about endpoints and sessions. The SDK reads it once in a
/// process; a shell may set a variable at any time.
/// </summary>
/// <param name="UseArnRegion">Requests to an ARN go to its Region (AWS_S3_USE_ARN_REGION, s3_use_arn_region).</param>
/// <param name="DisableExpressSessionAuth">Requests to directory buckets are signed with the caller's own keys.</param>
/// <param name="DisableMultiRegionAccessPoints">Multi-Region access points are refused.</param>
/// <param name="ChecksumCalculation">
/// Which requests have checksums (AWS_REQUEST_CHECKSUM_CALCULATION, request_checksum_calculation).
/// </param>
internal sealed record SharedSettings(bool UseArnRegion, bool DisableExpressSessionAuth, bool DisableMultiRegionAccessPoints,
    RequestChecksumCalculation ChecksumCalculation)
{
    private const string ChecksumVariable = "AWS_REQUEST_CHECKSUM_CALCULATION";

    internal static SharedSettings Read(ConnectionSettings settings)
    {
        CredentialProfile? profile = DefaultChain.ProfileOf(settings);
        return new SharedSettings(
            Variable("AWS_S3_USE_ARN_REGION") ?? profile?.S3UseArnRegion ?? true,
            Variable("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH") ?? profile?.S3DisableExpressSessionAuth ?? false,
            Variable("AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS") ?? profile?.S3DisableMultiRegionAccessPoints ?? false,
            Calculation(Environment.GetEnvironmentVariable(ChecksumVariable)) ?? profile?.RequestChecksumCalculation
                ?? RequestChecksumCalculation.WHEN_SUPPORTED);
    }

    private static RequestChecksumCalculation? Calculation(string? text) => text switch
    {
        null or "" => null,
        _ => Enum.TryParse(text, ignoreCase: true, out RequestChecksumCalculation value) && Enum.IsDefined(value) ? value
            : throw new ArgumentException($"{ChecksumVariable} is '{text}', which is neither when_supported nor when_required."),
    };

    private static bool? Variable(string name) => Environment.GetEnvironmentVariable(name) switch
    {
        null or "" => null,
        { } text => bool.TryParse(text, out bool value) ? value
            : throw new ArgumentException($"{name} is '{text}', which is neither true nor false."),
    };
}
