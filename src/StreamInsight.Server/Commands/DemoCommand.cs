using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Spectre.Console;
using StreamInsight.Server.Demo;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight demo</c>: the whole service with a simulated shop and contact centre in front of it.</summary>
public static class DemoCommand
{
    public static Command Create()
    {
        var speed = Number("--speed", "Simulated seconds in one second (default 1800: a day takes 48 s; 1 = real time).", 1, 1_000_000, whole: false);
        var rate = Number("--events-per-second", "Keep this rate of events, whatever the speed is then.", 0.1, 1_000_000, whole: false);
        var customers = Number("--customers", "Customers of the first day (default 1000).", 1, 1_000_000);
        var seed = Number("--seed", "Another seed is another town (default 1).", 0, int.MaxValue);
        var history = Span("--history", "How much simulated past is read in first (default 100d).");
        var duration = Span("--duration", "End after this time; the past does not count. Default: at Ctrl-C.");
        var model = new Option<FileInfo>("--model") { Description = "Another model than samples/telco-care.yaml.", HelpName = "M.yaml" };
        var data = new Option<DirectoryInfo>("--data") { Description = "Keep log and state here, and go on from there the next time. Default: a temporary directory.", HelpName = "DIR" };
        var redis = new Option<string>("--redis") { Description = "Deliver to this Redis, or 'none'. Default: 127.0.0.1:6379 if something answers there.", HelpName = "host:port" };
        var kafka = new Option<string>("--kafka") { Description = "Send the events through Kafka: 'embedded' (in this process, nothing kept) or a broker.", HelpName = "embedded|host:port" };
        var http = new Option<string>("--http") { Description = "Where the HTTP API listens (default 127.0.0.1:8080, or the next free port), or 'none'.", HelpName = "host:port" };
        var plain = new Option<bool>("--plain") { Description = "Lines instead of a picture, also in a terminal." };
        var write = new Option<FileInfo>("--write") { Description = "Write the simulated past to this file, for replay, and end. The same seed writes the same file.", HelpName = "F.jsonl[.gz]" };

        Command command = new Command("demo", "Everything embedded: a simulated shop and contact centre, the service, and what comes out of it.")
        {
            speed, rate, customers, seed, history, duration, model, data, redis, kafka, http, plain, write,
        }.WithExample(
            "streaminsight demo",
            "streaminsight demo --speed 600 --redis 127.0.0.1:6379",
            "streaminsight demo --write events.jsonl.gz --history 30d");

        command.SetAction((line, cancel) => DemoRun.RunAsync(
            new DemoOptions
            {
                Simulation = new SimulationOptions { Seed = (ulong)(line.GetValue(seed) ?? 1), Customers = (int)(line.GetValue(customers) ?? 1_000) },
                Pace = new DemoPace { Speed = line.GetValue(speed) ?? 1_800, EventsPerSecond = line.GetValue(rate) },
                HistoryMs = line.GetValue(history) ?? new DemoOptions().HistoryMs,
                Duration = line.GetValue(duration) is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
                Model = line.GetValue(model),
                Data = line.GetValue(data),
                Redis = line.GetValue(redis) is { } address and not "none" ? address : null,
                WithoutRedis = line.GetValue(redis) == "none",
                Kafka = line.GetValue(kafka),
                Http = line.GetValue(http),
                Plain = line.GetValue(plain),
                Write = line.GetValue(write),
            },
            Console.Out,
            AnsiConsole.Console,
            cancel));
        return command;
    }

    private static Option<double?> Number(string name, string description, double low, double high, bool whole = true) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (double.TryParse(text, whole ? NumberStyles.None : NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is a {(whole ? "whole " : "")}number from {low} to {high}, not '{text}'."));
            return null;
        },
    };

    private static Option<long?> Span(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "30s",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (Definitions.Duration.TryParse(text, out var ms))
                return ms;
            result.AddError($"{name} is a time such as 90s, 15m or 30d, not '{text}'.");
            return null;
        },
    };
}
