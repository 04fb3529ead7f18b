using System.Diagnostics;

namespace StreamInsight.Server.Tests.Setting;

/// <summary>An authority and a certificate for localhost, made anew by openssl.</summary>
internal static class Certificates
{
    /// <summary>ca.pem ca.key server.pem server.key locked.key server.pfx (both with the password <c>geheim</c>); false = there is no openssl.</summary>
    public static bool Make(TempFolder folder)
    {
        folder.File("san.cnf", "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
        return OpenSsl(folder, "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca -keyout ca.key -out ca.pem")
            && OpenSsl(folder, "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr")
            && OpenSsl(folder, "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san.cnf -out server.pem")
            && OpenSsl(folder, "pkcs8 -topk8 -in server.key -out locked.key -passout pass:geheim")
            && OpenSsl(folder, "pkcs12 -export -in server.pem -inkey server.key -out server.pfx -passout pass:geheim");
    }

    private static bool OpenSsl(TempFolder folder, string arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = folder.Path, RedirectStandardError = true })!;
            string said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? true : throw new InvalidOperationException($"openssl {arguments}: {said}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
