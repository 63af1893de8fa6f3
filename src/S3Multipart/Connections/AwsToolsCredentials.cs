using System.Reflection;
using S3Multipart.Core.Inputs;
using S3Multipart.Errors;

namespace S3Multipart.Connections;

/// <summary>
/// What AWS Tools for PowerShell holds as credentials: objects of its own AWSSDK, not of this module's, so they are used by reflection.
/// The session's variable wraps them once more, in a property that is not public.
/// </summary>
internal static class AwsToolsCredentials
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The keys of this moment; the object renews them when it has to.</summary>
    /// <exception cref="S3MultipartException">The object holds no credentials, or could not give its keys.</exception>
    internal static AwsKeys Read(object credential)
    {
        object holder = credential.GetType().GetProperty("Credentials", Members)?.GetValue(credential) ?? credential;
        MethodInfo ask = holder.GetType().GetMethod("GetCredentials", Type.EmptyTypes)
            ?? throw ParameterFailure.CredentialUnknown(credential.GetType());
        object? keys;
        try
        {
            keys = ask.Invoke(holder, null);
        }
        catch (TargetInvocationException e)
        {
            throw ParameterFailure.CredentialUnusable(e.InnerException ?? e);
        }

        return keys is not null && Text(keys, "AccessKey") is { } access && Text(keys, "SecretKey") is { } secret
            ? new AwsKeys(access, secret, Text(keys, "Token"))
            : throw ParameterFailure.CredentialUnknown(credential.GetType());
    }

    private static string? Text(object from, string name) =>
        from.GetType().GetProperty(name)?.GetValue(from) is string { Length: > 0 } text ? text : null;
}
