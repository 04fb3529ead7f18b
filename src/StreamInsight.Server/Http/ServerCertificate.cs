using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Http;

/// <summary>The server's certificate, read once at the start; TLS 1.2 and 1.3.</summary>
internal sealed class ServerCertificate
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _chain;

    private ServerCertificate(X509Certificate2 certificate, X509Certificate2Collection chain) => (_certificate, _chain) = (certificate, chain);

    /// <summary>Throws <see cref="WrongInputException"/> with one line when the files cannot be used.</summary>
    public static ServerCertificate Load(TlsFiles files)
    {
        string where = files.Pfx ?? $"{files.Certificate}, {files.Key}";
        try
        {
            var chain = new X509Certificate2Collection();
            X509Certificate2 certificate;
            if (files.Pfx is { } pfx)
                certificate = X509CertificateLoader.LoadPkcs12FromFile(pfx, files.Password);
            else
            {
                certificate = files.Password is { } password
                    ? X509Certificate2.CreateFromEncryptedPemFile(files.Certificate!, password, files.Key)
                    : X509Certificate2.CreateFromPemFile(files.Certificate!, files.Key);
                chain.ImportFromPemFile(files.Certificate!);
            }
            if (!certificate.HasPrivateKey)
                throw new CryptographicException("there is no private key in it");
            return new ServerCertificate(certificate, chain);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new WrongInputException($"http.tls: {where} cannot be used: {error.Message} Give a certificate with its key as PEM files, or one PFX file, and the password if there is one.");
        }
    }

    public void Options(HttpsConnectionAdapterOptions options)
    {
        options.ServerCertificate = _certificate;
        options.ServerCertificateChain = _chain;
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.HandshakeTimeout = TimeSpan.FromSeconds(10);
    }
}
