using System.CommandLine;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight health</c>: asks a running service whether it takes events; for health checks where there is no curl.</summary>
public static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static Command Create()
    {
        Option<Uri?> url = ServiceClient.UrlOption($"The service (default {ServiceClient.Default.ToString().TrimEnd('/')}, or the port of STREAMINSIGHT_HTTP).");
        var live = new Option<bool>("--live") { Description = "Ask only whether the process lives, not whether it is ready." };
        Command command = new Command("health", "Whether a running service is ready: exit code 0, otherwise 1 and the reason.") { url, live }
            .WithExample("streaminsight health", "streaminsight health --url http://insight-1:8080 --live");
        command.SetAction((line, cancel) =>
            AskAsync(line.GetValue(url) ?? Local(Environment.GetEnvironmentVariable("STREAMINSIGHT_HTTP")), line.GetValue(live) ? "health/live" : "health/ready", cancel));
        return command;
    }

    /// <summary>Where a service that listens at this address can be asked from the same machine.</summary>
    internal static Uri Local(string? bind) =>
        bind is not null && int.TryParse(bind[(bind.LastIndexOf(':') + 1)..], out int port) ? new Uri($"http://127.0.0.1:{port}") : ServiceClient.Default;

    private static async Task<int> AskAsync(Uri service, string path, CancellationToken cancel)
    {
        using var handler = new HttpClientHandler();
        // A certificate names the service as clients call it. Asked from the machine it runs on it goes by another name, and no secret is sent.
        if (service.IsLoopback)
            handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        using var client = new HttpClient(handler) { BaseAddress = service, Timeout = Patience };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(path, cancel);
            string body = (await answer.Content.ReadAsStringAsync(cancel)).TrimEnd();
            if (answer.IsSuccessStatusCode)
            {
                Console.Out.WriteLine(body);
                return ExitCode.Done;
            }
            Console.Error.WriteLine($"{service} answered {(int)answer.StatusCode}: {body}");
        }
        catch (HttpRequestException error)
        {
            Console.Error.WriteLine($"No service answers at {service} ({error.Message}).");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            Console.Error.WriteLine($"{service} did not answer within {Patience.TotalSeconds:0} s.");
        }
        return ExitCode.WrongInput;
    }
}
