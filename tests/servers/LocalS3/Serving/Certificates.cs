using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LocalS3.Serving;

/// <summary>The server's own certificate authority, and a certificate for every host name that a client connects to.</summary>
internal sealed class Certificates
{
    private readonly X509Certificate2 _authority;
    private readonly ConcurrentDictionary<string, SslStreamCertificateContext> _contexts = new(StringComparer.OrdinalIgnoreCase);

    private Certificates(X509Certificate2 authority) => _authority = authority;

    /// <summary>Uses the authority of an earlier run on the same root, so that clients which trust it still do.</summary>
    public static Certificates Create(string root)
    {
        string certificate = Path.Combine(root, "ca.pem"), key = Path.Combine(root, "ca.key");
        if (File.Exists(certificate) && File.Exists(key))
        {
            using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(certificate, key);
            if (pem.NotAfter > DateTime.Now.AddDays(1))
                return new Certificates(Reloaded(pem));
        }
        using ECDsa keys = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=LocalS3 test authority", keys, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        FileStreamOptions onlyOwner = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            onlyOwner.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (StreamWriter file = new(key, onlyOwner))
            file.WriteLine(keys.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificate, authority.ExportCertificatePem() + "\n");
        return new Certificates(Reloaded(authority));
    }

    public SslServerAuthenticationOptions ForHost(string host) => new()
    {
        ServerCertificateContext = _contexts.GetOrAdd(host, Issue),
    };

    private SslStreamCertificateContext Issue(string host)
    {
        using ECDsa keys = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=LocalS3", keys, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        foreach (string name in new[] { "localhost", host }.Where(n => n.Length > 0).Distinct())
            names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        using X509Certificate2 signed = request.Create(
            _authority, _authority.NotBefore, _authority.NotAfter, RandomNumberGenerator.GetBytes(16));
        using X509Certificate2 withKey = signed.CopyWithPrivateKey(keys);
        return SslStreamCertificateContext.Create(Reloaded(withKey), [_authority], offline: true);
    }

    /// <summary>On Windows, TLS can only use a key that was loaded from a container.</summary>
    private static X509Certificate2 Reloaded(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
}
