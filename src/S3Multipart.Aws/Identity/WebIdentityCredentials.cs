using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.SharedInterfaces;

namespace S3Multipart.Aws.Identity;

/// <summary>
/// A role opened with the token that a file holds, as in Kubernetes; with our own client, like <see cref="RoleCredentials"/>.
/// </summary>
internal sealed class WebIdentityCredentials(string tokenFile, string roleArn, string? sessionName, RegionEndpoint region, Profile? profile)
    : AssumeRoleWithWebIdentityCredentials(tokenFile, roleArn, sessionName)
{
    protected override ICoreAmazonSTS CreateClient() => SecurityTokenService.Make(new AnonymousAWSCredentials(), region, profile);
}
