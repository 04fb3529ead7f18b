namespace StreamInsight.Server.Demo;

/// <summary>What to try while the demo runs, with names that exist there and then.</summary>
internal static class DemoHints
{
    /// <summary>Commands, the most telling first.</summary>
    public static IReadOnlyList<string> For(DemoFigures figures, Uri? url, string? redis)
    {
        var customer = figures.Triggers.Count > 0 ? figures.Triggers[0].Customer : "u1001";
        var trigger = figures.Triggers.Count > 0 ? figures.Triggers[0].Trigger : "save_me_entered";
        var hints = new List<string>();
        if (url is not null)
        {
            hints.Add($"curl -s {url}v1/customers/{customer}");
            hints.Add($"{Program} explain --customer {customer}{(url.Port == 8080 ? "" : $" --url {url.ToString().TrimEnd('/')}")}");
        }
        if (redis is not null)
            hints.Add($"redis-cli{At(redis)} XREAD BLOCK 0 STREAMS si:t:{trigger} '$'");
        return hints;
    }

    /// <summary>What is left to look at when it is over.</summary>
    public static IReadOnlyList<string> Afterwards(DemoFigures figures)
    {
        var hints = new List<string>();
        if (figures.Triggers.Count > 0 && figures.Try.FirstOrDefault(hint => hint.StartsWith("redis-cli", StringComparison.Ordinal)) is { } redis)
            hints.Add($"{redis[..redis.IndexOf(" XREAD", StringComparison.Ordinal)]} XREVRANGE si:t:{figures.Triggers[0].Trigger} + - COUNT 3");
        hints.Add($"{Program} demo --write events.jsonl.gz --history 30d");
        hints.Add($"{Program} replay --model samples/telco-care.yaml --events events.jsonl.gz --out out");
        return hints;
    }

    /// <summary>How the program was probably started: by the script of a clone, or by its own name.</summary>
    public static string Program { get; } = AppContext.BaseDirectory.Contains("/src/StreamInsight.Server/bin/", StringComparison.Ordinal) ? "./insight" : "streaminsight";

    private static string At(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 0 || address.Contains('/') || address.Contains(','))
            return " …"; // not host:port; whoever wrote it knows what redis-cli wants
        var (host, port) = (address[..colon], address[(colon + 1)..]);
        return (host is "127.0.0.1" or "localhost" ? "" : $" -h {host}") + (port == "6379" ? "" : $" -p {port}");
    }
}
