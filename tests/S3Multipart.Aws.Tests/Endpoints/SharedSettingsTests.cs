using S3Multipart.Aws.Tests.Identity;

namespace S3Multipart.Aws.Tests.Endpoints;

/// <summary>What the environment and the profile say of endpoints, which holds from the next connection on.</summary>
[Collection(nameof(SharedEnvironment))]
public sealed class SharedSettingsTests : IDisposable
{
    private const string UseArnRegion = "AWS_S3_USE_ARN_REGION";
    private const string DisableSession = "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH";
    private const string DisableMrap = "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS";
    private const string Point = "arn:aws:s3:us-west-2:123456789012:accesspoint/prod";
    private const string Outpost = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/reports";
    private const string Mrap = "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap";
    private const string Zonal = "b--usw2-az1--x-s3";

    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("true", null, true)]
    [InlineData("TRUE", null, true)]
    [InlineData("false", null, false)]
    [InlineData("False", null, false)]
    [InlineData("", null, true)]
    [InlineData(null, "true", true)]
    [InlineData(null, "false", false)]
    [InlineData("", "false", false)]
    // The environment goes before the profile.
    [InlineData("true", "false", true)]
    [InlineData("false", "true", false)]
    public void An_ARN_decides_the_Region_unless_the_settings_say_no(string? variable, string? profile, bool isFollowed)
    {
        foreach ((string arn, string host) in new[]
        {
            (Point, "prod-123456789012.s3-accesspoint.us-west-2.amazonaws.com"),
            (Outpost, "reports-123456789012.op-01234567890123456.s3-outposts.us-west-2.amazonaws.com"),
        })
        {
            EndpointUnderTest endpoints = With(UseArnRegion, variable, "s3_use_arn_region", profile, "eu-west-1");
            if (isFollowed)
            {
                Assert.Equal("https://" + host + "/k", endpoints.Find(arn).Url);
                continue;
            }

            S3MultipartException refused = Assert.Throws<S3MultipartException>(() => endpoints.Find(arn));
            Assert.Equal("ArnRegionDiffers", refused.ErrorId);
            Assert.Contains("us-west-2", refused.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Point)]
    [InlineData(Outpost)]
    [InlineData(Mrap)]
    [InlineData("bucket")]
    public void What_is_of_the_same_Region_or_of_none_is_reached_all_the_same(string bucket) =>
        Assert.NotEmpty(With(UseArnRegion, "false", "s3_use_arn_region", null, "us-west-2").Find(bucket).Url);

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("false", null, true)]
    [InlineData("true", null, false)]
    [InlineData(null, "true", false)]
    [InlineData("false", "true", true)]
    public void A_directory_bucket_is_signed_for_by_its_session_unless_the_settings_say_no(
        string? variable, string? profile, bool usesSession) => Assert.Equal(
        ($"https://{Zonal}.s3express-usw2-az1.us-west-2.amazonaws.com/k", "us-west-2/s3express" + (usesSession ? " session" : "")),
        With(DisableSession, variable, "s3_disable_express_session_auth", profile, "us-west-2").Find(Zonal));

    [Theory]
    [InlineData("true", null)]
    [InlineData(null, "true")]
    public void A_multi_Region_access_point_is_refused_where_the_settings_say_so(string? variable, string? profile)
    {
        EndpointUnderTest endpoints = With(DisableMrap, variable, "s3_disable_multiregion_access_points", profile, "us-west-2");
        Assert.Equal("EndpointNotOffered", Assert.Throws<S3MultipartException>(() => endpoints.Find(Mrap)).ErrorId);
    }

    [Theory]
    [InlineData(UseArnRegion)]
    [InlineData(DisableSession)]
    [InlineData(DisableMrap)]
    public void What_is_neither_true_nor_false_is_an_error(string variable)
    {
        Environment.SetEnvironmentVariable(variable, "maybe");
        Core.Inputs.ConnectionSettings settings = new() { Keys = new("a", "s", null), Region = "us-west-2" };
        S3MultipartException refused = Assert.Throws<S3MultipartException>(() => new AwsEngine().Connect(settings));
        Assert.Equal("ConnectionInvalid", refused.ErrorId);
        Assert.Contains(variable, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (string name in new[] { UseArnRegion, DisableSession, DisableMrap })
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        File.Delete(_file);
    }

    private EndpointUnderTest With(string variable, string? value, string setting, string? profile, string region)
    {
        Environment.SetEnvironmentVariable(variable, value);
        File.WriteAllText(_file, "[one]\naws_access_key_id = a\naws_secret_access_key = s\n"
            + (profile is null ? "" : $"{setting} = {profile}\n"));
        return new EndpointUnderTest(region, profile: "one", location: _file);
    }
}
