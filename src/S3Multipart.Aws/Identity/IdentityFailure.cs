using System.Net.Sockets;
using Amazon.Runtime;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;

namespace S3Multipart.Aws.Identity;

/// <summary>Failures to find the caller's credentials.</summary>
internal static class IdentityFailure
{
    private const int MostNames = 10;

    internal static S3MultipartException ProfileNotFound(string name, string? location) =>
        new(nameof(ProfileNotFound), FailureKind.ObjectNotFound,
            $"There is no profile '{name}' in "
                + $"{(location is null ? "the AWS credentials and config files" : $"'{location}' and the AWS config file")}.")
        {
            RecommendedAction = Known(location)
                + "Check the name (-ProfileName, or the environment's AWS_PROFILE), and the place of the files "
                + "(-ProfileLocation, AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE).",
        };

    private static string Known(string? location)
    {
        IReadOnlyList<string> names = Profiles.ListNames(location);
        string more = names.Count > MostNames ? Failure.Invariant($" and {names.Count - MostNames} more") : "";
        return names.Count == 0 ? "" : $"Profiles: {PlainText.Line(string.Join(", ", names.Take(MostNames)))}{more}. ";
    }

    internal static S3MultipartException ProfileUnsupported(string name, string why, string action) =>
        new(nameof(ProfileUnsupported), FailureKind.NotImplemented, $"The profile '{name}' cannot be used: {why}")
        {
            RecommendedAction = action,
        };

    internal static S3MultipartException MfaCodeNeeded(string role, string serial) =>
        new(FailureIds.MfaCodeNeeded, FailureKind.AuthenticationError,
            $"The role {role} is opened with a code of the MFA device {serial}, and no session that a code has opened is left.")
        {
            RecommendedAction =
                "Run the command again, in a session that can ask for the code; parts that S3 holds stay there. Where nobody can enter it, "
                + "give the keys of a session opened elsewhere: -AccessKey, -SecretKey, -SessionToken.",
        };

    internal static S3MultipartException CredentialsNotFound(Exception inner) =>
        new(FailureIds.CredentialsNotFound, FailureKind.AuthenticationError,
            "No AWS credentials were found, neither in parameters nor in the session, the environment, the profiles or from a "
                + "container or instance.", inner)
        {
            RecommendedAction = "Give -ProfileName, or -AccessKey and -SecretKey, or set them in the environment or in a profile.",
        };

    /// <summary>A source of credentials that is there but gives none.</summary>
    /// <param name="source">What it is, as the beginning of a sentence: "The profile 'x'".</param>
    /// <param name="e">Why it gave none.</param>
    internal static S3MultipartException CredentialsUnusable(string source, Exception e) =>
        new(FailureIds.CredentialsUnusable, KindOf(e), $"{source} gave no credentials: {Say(e)}", e)
        {
            RecommendedAction = "Renew what it takes its credentials from, or name another source: -ProfileName, or -AccessKey and "
                + "-SecretKey.",
        };

    internal static S3MultipartException SsoLoginNeeded(string profile, Exception e) =>
        new(FailureIds.SsoLoginNeeded, FailureKind.AuthenticationError,
            $"The profile '{profile}' gave no credentials: the sign-in for it is missing or has expired.", e)
        {
            RecommendedAction =
                $"Sign in and run the command again: aws sso login --profile {profile}, or Invoke-AWSSSOLogin -ProfileName {profile}.",
        };

    /// <summary>The response of the service that gives credentials, where there was one.</summary>
    internal static AmazonServiceException? ResponseIn(Exception? e)
    {
        while (e is not null and not AmazonServiceException { StatusCode: not 0 })
        {
            e = e.InnerException;
        }

        return e as AmazonServiceException;
    }

    private static FailureKind KindOf(Exception e) =>
        e.GetBaseException() is HttpRequestException or SocketException ? FailureKind.ConnectionError
        : ResponseIn(e)?.ErrorCode == "AccessDenied" ? FailureKind.PermissionDenied
        : FailureKind.AuthenticationError;

    /// <summary>What happened, and its cause.</summary>
    private static string Say(Exception e)
    {
        string behind = (ResponseIn(e) ?? e.GetBaseException()).Message;
        return e.Message.Contains(behind, StringComparison.Ordinal) ? e.Message : $"{e.Message.TrimEnd('.', ' ')}: {behind}";
    }
}
