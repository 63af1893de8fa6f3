using Amazon.Runtime;
using S3Multipart.Aws.Identity;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws.Tests.Identity;

/// <summary>Who asks, and in which Region, in the order of AWS Tools for PowerShell. Nothing here asks anybody.</summary>
[Collection(nameof(SharedEnvironment))]
public sealed class IdentityTests : IDisposable
{
    private static readonly string[] s_variables =
        ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"];

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string CredentialsFile => Path.Combine(_folder, "credentials");

    public void Dispose()
    {
        foreach (string name in s_variables)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Keys_that_are_given_come_first()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "env");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "s");
        WriteProfile("[given]\naws_access_key_id = profile\naws_secret_access_key = s");
        ConnectionSettings settings = new()
        {
            Keys = new AwsKeys("key", "secret", "token"),
            KeySource = () => new AwsKeys("session", "s", null),
            ProfileName = "given",
            ProfileLocation = CredentialsFile,
        };
        Assert.Equal(("key", "secret", "token"), KeysOf(settings));
    }

    [Fact]
    public void A_profile_that_is_named_comes_before_the_session_and_the_environment()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "env");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "s");
        WriteProfile("[named]\naws_access_key_id = profile\naws_secret_access_key = secret\naws_session_token = token");
        ConnectionSettings settings = new()
        {
            ProfileName = "named",
            ProfileLocation = CredentialsFile,
            KeySource = () => new AwsKeys("session", "s", null),
        };
        Assert.Equal(("profile", "secret", "token"), KeysOf(settings));
    }

    [Fact]
    public void The_session_is_asked_for_its_keys_at_each_request()
    {
        int count = 0;
        ConnectionSettings settings = new() { KeySource = () => new AwsKeys($"session{++count}", "s", null), Region = "eu-west-1" };
        AwsIdentity identity = AwsIdentity.Resolve(settings);
        Assert.Equal("session1", identity.Credentials.GetCredentials().AccessKey);
        Assert.Equal("session2", identity.Credentials.GetCredentials().AccessKey);
    }

    [Fact]
    public async Task The_environment_comes_before_the_default_profile()
    {
        WriteProfile("[default]\naws_access_key_id = profile\naws_secret_access_key = s");
        ConnectionSettings settings = new() { ProfileLocation = CredentialsFile, Region = "eu-west-1" };
        Assert.Equal("profile", (await AwsIdentity.Resolve(settings).Credentials.GetCredentialsAsync()).AccessKey);
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "env");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "secret");
        Environment.SetEnvironmentVariable("AWS_SESSION_TOKEN", "token");
        ImmutableCredentials keys = await AwsIdentity.Resolve(settings).Credentials.GetCredentialsAsync();
        Assert.Equal(("env", "secret", "token"), (keys.AccessKey, keys.SecretKey, keys.Token));
    }

    [Fact]
    public void The_Region_is_the_parameters_the_sessions_the_profiles_the_environments_or_a_guess()
    {
        WriteProfile("[named]\naws_access_key_id = k\naws_secret_access_key = s\nregion = eu-west-3\n[default]\nregion = eu-south-1");
        Environment.SetEnvironmentVariable("AWS_REGION", "eu-west-4");
        Environment.SetEnvironmentVariable("AWS_DEFAULT_REGION", "eu-west-5");
        string location = CredentialsFile;
        Assert.Equal(
            ("eu-west-1", false),
            RegionOf(new() { Region = "eu-west-1", SessionRegion = "eu-west-2", ProfileName = "named", ProfileLocation = location }));
        Assert.Equal(
            ("eu-west-2", false),
            RegionOf(new() { SessionRegion = "eu-west-2", ProfileName = "named", ProfileLocation = location }));
        Assert.Equal(("eu-west-3", false), RegionOf(new() { ProfileName = "named", ProfileLocation = location }));
        AwsKeys keys = new("k", "s", null);
        Assert.Equal(("eu-west-4", false), RegionOf(new() { Keys = keys, ProfileLocation = location }));
        Environment.SetEnvironmentVariable("AWS_REGION", "");
        Assert.Equal(("eu-west-5", false), RegionOf(new() { Keys = keys, ProfileLocation = location }));
        Environment.SetEnvironmentVariable("AWS_DEFAULT_REGION", null);
        Assert.Equal(("eu-south-1", false), RegionOf(new() { Keys = keys, ProfileLocation = location }));
        Assert.Equal(("us-east-1", true), RegionOf(new() { Keys = keys }));
    }

    [Fact]
    public void Keys_that_another_program_renews_in_the_file_are_read_again()
    {
        WriteProfile("[named]\naws_access_key_id = old\naws_secret_access_key = s");
        AwsIdentity identity = AwsIdentity.Resolve(new ConnectionSettings { ProfileName = "named", ProfileLocation = CredentialsFile });
        Assert.Equal("old", identity.Credentials.GetCredentials().AccessKey);
        WriteProfile("[named]\naws_access_key_id = new\naws_secret_access_key = s");
        File.SetLastWriteTimeUtc(CredentialsFile, DateTime.UtcNow.AddSeconds(10));
        Assert.Equal("new", identity.Credentials.GetCredentials().AccessKey);
        // While the file is written anew the profile may be missing; what was there is good until it is back.
        WriteProfile("");
        File.SetLastWriteTimeUtc(CredentialsFile, DateTime.UtcNow.AddSeconds(20));
        Assert.Equal("new", identity.Credentials.GetCredentials().AccessKey);
    }

    [Theory]
    [InlineData("[other]\nregion = eu-west-1", "ProfileNotFound")]
    [InlineData("[named]\nlogin_session = arn:aws:iam::123456789012:user/u", "ProfileUnsupported")]
    [InlineData("[named]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = missing", "CredentialsUnusable")]
    [InlineData("[named]\nregion = eu-west-1", "CredentialsUnusable")]
    public void A_profile_that_cannot_serve_says_why(string content, string errorId)
    {
        WriteProfile(content);
        S3MultipartException failure = Assert.Throws<S3MultipartException>(
            () => AwsIdentity.Resolve(new ConnectionSettings { ProfileName = "named", ProfileLocation = CredentialsFile }));
        Assert.Equal(errorId, failure.ErrorId);
        Assert.Contains("'named'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_of_the_environment_that_is_not_there_is_no_reason_to_look_elsewhere()
    {
        Environment.SetEnvironmentVariable("AWS_PROFILE", "gone");
        S3MultipartException failure = Assert.Throws<S3MultipartException>(
            () => AwsIdentity.Resolve(new ConnectionSettings { ProfileLocation = CredentialsFile, Region = "eu-west-1" }));
        Assert.Equal("ProfileNotFound", failure.ErrorId);
        Assert.Contains("'gone'", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.RecommendedAction);
    }

    [Fact]
    public void Where_nothing_gives_credentials_that_is_said()
    {
        AwsIdentity identity = AwsIdentity.Resolve(new ConnectionSettings { ProfileLocation = CredentialsFile, Region = "eu-west-1" });
        S3MultipartException failure = Assert.Throws<S3MultipartException>(() => identity.Credentials.GetCredentials());
        Assert.Equal(("CredentialsNotFound", FailureKind.AuthenticationError), (failure.ErrorId, failure.Kind));
    }

    [Fact]
    public void Keys_show_nothing_of_themselves() => Assert.Equal("AwsKeys", new AwsKeys("key", "secret", "token").ToString());

    private static (string AccessKey, string SecretKey, string Token) KeysOf(ConnectionSettings settings)
    {
        ImmutableCredentials keys = AwsIdentity.Resolve(settings).Credentials.GetCredentials();
        return (keys.AccessKey, keys.SecretKey, keys.Token);
    }

    private static (string Region, bool IsGuessed) RegionOf(ConnectionSettings settings)
    {
        AwsIdentity identity = AwsIdentity.Resolve(settings);
        return (identity.Region, identity.IsRegionGuessed);
    }

    private void WriteProfile(string content) => File.WriteAllText(CredentialsFile, content + "\n");
}
