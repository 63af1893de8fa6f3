namespace LocalS3.Protocol;

/// <summary>The one account that owns everything here, and the keys that it starts with.</summary>
internal static class TestAccount
{
    public const string Id = "111122223333";
    public const string AccessKey = "testaccess";
    public const string SecretKey = "testsecret";
    public const string CanonicalId = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a";
    public const string DisplayName = "local-s3-test-account";
}
