using System.Diagnostics;
using StreamInsight.Pipeline;
using StreamInsight.Testing;

namespace StreamInsight.Redis;

/// <summary>A real redis-server that speaks TLS only, with certificates openssl makes.</summary>
public sealed class RedisTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaminsight-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Xunit.Fact]
    public async Task Redis_is_reached_by_tls_when_an_authority_we_trust_vouches_for_it()
    {
        if (!MakeCertificates())
            return;
        int port = FreePort();
        using Process server = Process.Start(new ProcessStartInfo("redis-server",
            $"--port 0 --tls-port {port} --bind 127.0.0.1 --tls-cert-file server.pem --tls-key-file server.key --tls-ca-cert-file ca.pem --tls-auth-clients no --save \"\" --requirepass geheim")
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true,
        })!;
        try
        {
            for (string? line = ""; line is not null && !line.Contains("Ready to accept");)
                line = await server.StandardOutput.ReadLineAsync();
            if (server.HasExited)
                return; // built without TLS
            string ca = Path.Combine(_folder, "ca.pem");
            var right = new RedisOptions { Address = $"rediss://localhost:{port}", Password = "geheim", User = "default", CaFile = ca };
            await using (var sink = new RedisFactSink(right, TimeProvider.System))
                await sink.CheckAsync(default);

            RedisOptions[] wrong =
            [
                right with { CaFile = null },                                   // nobody we trust
                right with { CaFile = Path.Combine(_folder, "other.pem") },     // another authority
                right with { Address = $"redis://localhost:{port}", CaFile = null }, // not encrypted
                right with { Password = "falsch" },
                right with { Address = $"rediss://127.0.0.2:{port}" },          // another name than the certificate's
            ];
            foreach (RedisOptions options in wrong)
            {
                await using var sink = new RedisFactSink(options, TimeProvider.System);
                var refused = await Xunit.Assert.ThrowsAsync<DependencyUnavailableException>(() => sink.CheckAsync(default));
                Xunit.Assert.DoesNotContain("falsch", refused.Message);
            }
            Xunit.Assert.Throws<DependencyUnavailableException>(() => new RedisFactSink(right with { CaFile = Path.Combine(_folder, "nothing.pem") }, TimeProvider.System));
        }
        finally
        {
            server.Kill();
        }
    }

    private bool MakeCertificates()
    {
        File.WriteAllText(Path.Combine(_folder, "san.cnf"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
        return OpenSsl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca -keyout ca.key -out ca.pem")
            && OpenSsl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other-ca -keyout other.key -out other.pem")
            && OpenSsl("req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr")
            && OpenSsl("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san.cnf -out server.pem");
    }

    private bool OpenSsl(string arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = _folder, RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
