using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StreamInsight.Pipeline;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Commands;

/// <summary>Asks a running service.</summary>
internal static class ServiceClient
{
    public static readonly Uri Default = new("http://127.0.0.1:8080");

    /// <summary><c>--url</c>, for a command that says what it is for.</summary>
    public static Option<Uri?> UrlOption(string description) => new("--url")
    {
        Description = description,
        HelpName = "http://host:port",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[^1].Value, UriKind.Absolute, out Uri? service) && service.Scheme is "http" or "https")
                return service;
            result.AddError($"--url is the address of a service, such as http://127.0.0.1:8080, not '{result.Tokens[^1].Value}'.");
            return null;
        },
    };

    /// <summary>Dead letters put back by a running service; how many were.</summary>
    public static async Task<int> RequeueAsync(Uri service, string? key, DeadLetterId[] numbers, CancellationToken cancel)
    {
        using HttpClient client = Client(service, key);
        try
        {
            using var body = new StringContent($"{{\"numbers\":[{string.Join(',', numbers.Select(number => number.Partition is null ? $"{number}" : $"\"{number}\""))}]}}", Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await client.PostAsync("v1/dead/requeue", body, cancel);
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                throw new WrongInputException($"{service} wants an admin key: give --key or set STREAMINSIGHT_KEY.");
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new DependencyUnavailableException($"{service} answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
            using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
            return json.RootElement.GetProperty("records").EnumerateArray().Count(record => record.ValueKind == JsonValueKind.String || record.GetInt64() > 0);
        }
        catch (HttpRequestException error)
        {
            throw new DependencyUnavailableException($"No service answers at {service} ({error.Message}). Without --url the records are put back while it is stopped.", error);
        }
    }

    private static HttpClient Client(Uri service, string? key)
    {
        var client = new HttpClient { BaseAddress = service, Timeout = TimeSpan.FromSeconds(30) };
        key ??= Environment.GetEnvironmentVariable("STREAMINSIGHT_KEY");
        if (!string.IsNullOrEmpty(key))
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:")));
        return client;
    }

    /// <summary>The explanation as JSON; null = the service knows no such customer.</summary>
    public static Task<byte[]?> ExplainAsync(Uri service, string? key, string customer, CancellationToken cancel) =>
        GetAsync(service, key, $"v1/customers/{Uri.EscapeDataString(customer)}/explain", cancel);

    /// <summary>The record of a decision as JSON; null = the service has none.</summary>
    public static Task<byte[]?> DecisionAsync(Uri service, string? key, string decision, CancellationToken cancel) =>
        GetAsync(service, key, $"v1/decisions/{Uri.EscapeDataString(decision)}", cancel);

    /// <summary>The report on actions and scores as JSON.</summary>
    public static async Task<byte[]> ReportAsync(Uri service, string? key, CancellationToken cancel) =>
        await GetAsync(service, key, "v1/report", cancel) ?? throw new DependencyUnavailableException($"{service} knows no reports. Is it an older version?");

    /// <summary>The answer's body; null = not found.</summary>
    private static async Task<byte[]?> GetAsync(Uri service, string? key, string path, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = service, Timeout = TimeSpan.FromSeconds(30) };
        key ??= Environment.GetEnvironmentVariable("STREAMINSIGHT_KEY");
        if (!string.IsNullOrEmpty(key))
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:")));
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(path, cancel);
            return answer.StatusCode switch
            {
                HttpStatusCode.NotFound => null,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw new WrongInputException($"{service} wants a read key: give --key or set STREAMINSIGHT_KEY."),
                HttpStatusCode.OK => await answer.Content.ReadAsByteArrayAsync(cancel),
                _ => throw new DependencyUnavailableException($"{service} answered {(int)answer.StatusCode} {answer.ReasonPhrase}."),
            };
        }
        catch (HttpRequestException error)
        {
            throw new DependencyUnavailableException(
                $"No service answers at {service} ({error.Message}). Start one with 'streaminsight run', name it with --url, or take a log with --model and --events.", error);
        }
    }
}
