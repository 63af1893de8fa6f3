using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using S3Multipart.Aws.Identity;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// What decides whether the certificate of a server is trusted: the system, or in its place the authorities of a file, as all tools of AWS
/// take them from AWS_CA_BUNDLE or else from the profile's ca_bundle.
/// </summary>
/// <param name="CaBundle">The file; null for the system's own.</param>
/// <param name="Written">When the file was last written, so that a new one is read.</param>
/// <param name="SkipsCheck">True to accept any certificate.</param>
internal sealed record TlsTrust(string? CaBundle, DateTime? Written, bool SkipsCheck)
{
    private const string Variable = "AWS_CA_BUNDLE";

    internal static TlsTrust Of(ConnectionSettings settings)
    {
        string? bundle = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable ? variable
            : Profiles.FindSetting(settings.ProfileName, settings.ProfileLocation, "ca_bundle");
        bool skips = settings.SkipCertificateCheck == true;
        return bundle is null || skips
            ? new TlsTrust(CaBundle: null, Written: null, skips)
            : new TlsTrust(Path.GetFullPath(bundle), File.GetLastWriteTimeUtc(bundle), SkipsCheck: false);
    }

    internal SslClientAuthenticationOptions ToOptions()
    {
        SslClientAuthenticationOptions options = new()
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => SkipsCheck || errors == SslPolicyErrors.None
                ? true : throw UntrustedCertificateException.Create(certificate, chain, errors, CaBundle),
        };
        if (CaBundle is not null)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            foreach (X509Certificate2 certificate in Read())
            {
                // Only what signs itself can be a root; what is between is found by it.
                bool isRoot = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
                _ = (isRoot ? policy.CustomTrustStore : policy.ExtraStore).Add(certificate);
            }

            options.CertificateChainPolicy = policy;
        }

        return options;
    }

    private X509Certificate2Collection Read()
    {
        X509Certificate2Collection found = [];
        try
        {
            found.ImportFromPemFile(CaBundle!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw InputFailure.CaBundleInvalid(CaBundle!, e.Message);
        }

        return found.Count > 0 ? found : throw InputFailure.CaBundleInvalid(CaBundle!, "it holds no certificate in PEM form.");
    }
}
