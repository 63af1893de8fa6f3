using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SSO;
using Amazon.SSOOIDC;

namespace S3Multipart.Aws.Identity;

/// <summary>
/// The clients of IAM Identity Center, given to the SDK, which would otherwise find them by reflection and take those that another
/// module has loaded. They are loaded when a profile needs them.
/// </summary>
internal static class SsoClients
{
    internal static void Register()
    {
        GlobalRuntimeDependencyRegistry.Instance.RegisterSSOClient(context => MakePortal(context.SSOClientContextData));
        GlobalRuntimeDependencyRegistry.Instance.RegisterSSOOIDCClient(context => MakeTokens(context.SSOOIDCClientContextData));
    }

    private static AmazonSSOClient MakePortal(SSOClientContext context) => new(new AnonymousAWSCredentials(), context.Region);

    private static AmazonSSOOIDCClient MakeTokens(SSOOIDCClientContext context) => new(new AnonymousAWSCredentials(), context.Region);
}
