using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using S3Multipart.Core.Errors;

namespace S3Multipart.Aws.Requests;

/// <summary>A server's certificate that is not trusted, with the reason and what can be done about it.</summary>
internal sealed class UntrustedCertificateException : AuthenticationException
{
    private UntrustedCertificateException(string message, string advice)
        : base(message) => Advice = advice;

    internal string Advice { get; }

    /// <param name="caBundle">The file whose authorities were trusted; null where it was the system that decided.</param>
    internal static UntrustedCertificateException Create(
        X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string? caBundle)
    {
        if (certificate is null)
        {
            return new("The server showed no certificate.", "Check that -EndpointUrl names the port that speaks https.");
        }

        using X509Certificate2 shown = new(certificate);
        string which = Failure.Invariant($"Its certificate, {shown.Subject}, issued by {shown.Issuer}, valid from ")
            + Failure.Invariant($"{shown.NotBefore.ToUniversalTime():yyyy-MM-dd} to {shown.NotAfter.ToUniversalTime():yyyy-MM-dd}, ");
        bool isInTime = DateTime.UtcNow >= shown.NotBefore.ToUniversalTime() && DateTime.UtcNow <= shown.NotAfter.ToUniversalTime();
        if (!isInTime)
        {
            return new(which + "is not valid today.", "Check the clock of this machine; else the certificate has to be renewed.");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return new(which + $"is for another name: {NamesOf(shown)}.", "Write -EndpointUrl with a name that the certificate has.");
        }

        string why = string.Join(", ", (chain?.ChainStatus ?? []).Select(status => status.Status.ToString()).Distinct());
        why = why.Length == 0 ? errors.ToString() : why;
        return caBundle is null
            ? new(which + $"is not trusted: {why}.", Trust())
            : new(which + $"is not trusted by the authorities in '{caBundle}': {why}.", Extend(caBundle));
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        IEnumerable<string> names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(ip => ip.ToString())));
        return string.Join(", ", names.DefaultIfEmpty("none"));
    }

    private static string Extend(string caBundle) =>
        $"Add the certificate of the authority that issued it to '{caBundle}', in PEM form; or remove AWS_CA_BUNDLE, or ca_bundle from the "
            + "profile, to trust what the system trusts. To try without any check: -SkipCertificateCheck.";

    private static string Trust()
    {
        string system = OperatingSystem.IsWindows() ? "Import-Certificate FILE -CertStoreLocation Cert:\\CurrentUser\\Root"
            : OperatingSystem.IsMacOS() ? "security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db FILE"
            : "copy it to /usr/local/share/ca-certificates/NAME.crt and run update-ca-certificates (Debian, Ubuntu)";
        return "If the store is yours, trust the authority that issued it: set $env:AWS_CA_BUNDLE, or ca_bundle in the profile, to a file "
            + $"with its certificate in PEM form; or for the whole system: {system}. To try without any check: -SkipCertificateCheck.";
    }
}
