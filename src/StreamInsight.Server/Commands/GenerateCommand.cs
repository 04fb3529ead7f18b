using System.CommandLine;
using System.Globalization;
using StreamInsight.Kafka;
using StreamInsight.Server.Demo;
using StreamInsight.Server.Generate;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight generate</c>: events of the demo's town, sent to Kafka or to a service, at a steady rate.</summary>
public static class GenerateCommand
{
    public static Command Create()
    {
        var kafka = new Option<string>("--kafka") { Description = "Send to this Kafka, keyed by customer.", HelpName = "host:port" };
        var topic = new Option<string>("--topic") { Description = $"Topic in Kafka (default {KafkaOptions.DefaultEventsTopic}).", HelpName = "NAME" };
        var url = ServiceClient.UrlOption("Send to this service by HTTP instead.");
        var key = new Option<string>("--key") { Description = "A write key of the service; better in STREAMINSIGHT_KEY.", HelpName = "KEY" };
        var rate = Number("--rate", "Events a second (default 100).", 0.1, 1_000_000, whole: false);
        var customers = Number("--customers", "Customers of the town (default 20000).", 1, 1_000_000);
        var seed = Number("--seed", "Another seed is another town (default 1).", 0, int.MaxValue);
        var count = Number("--count", "End after so many events. Default: at Ctrl-C.", 1, 1e15);

        Command command = new Command("generate", "Events of a simulated shop and contact centre, sent to Kafka or by HTTP as if they happened now.")
        {
            kafka, topic, url, key, rate, customers, seed, count,
        }.WithExample(
            "streaminsight generate --kafka 127.0.0.1:9092 --rate 500",
            "streaminsight generate --url http://127.0.0.1:8080 --rate 50");

        command.SetAction((line, cancel) =>
        {
            if (line.GetValue(kafka) is null == line.GetValue(url) is null)
                throw new WrongInputException("Say where to: one of --kafka host:port and --url http://host:port.");
            var options = new GenerateOptions
            {
                Rate = line.GetValue(rate) ?? 100,
                Count = line.GetValue(count) is { } end ? (long)end : null,
                Simulation = new SimulationOptions { Customers = (int)(line.GetValue(customers) ?? 20_000), Seed = (ulong)(line.GetValue(seed) ?? 1) },
            };
            return line.GetValue(url) is { } service
                ? ToServiceAsync(options, service, line.GetValue(key) ?? Environment.GetEnvironmentVariable("STREAMINSIGHT_KEY"), cancel)
                : ToKafkaAsync(options, line.GetValue(kafka)!, line.GetValue(topic) ?? KafkaOptions.DefaultEventsTopic, cancel);
        });
        return command;
    }

    private static Task<int> ToServiceAsync(GenerateOptions options, Uri service, string? key, CancellationToken cancel) =>
        RunAsync(options, new HttpInlet(service, key), cancel);

    private static async Task<int> ToKafkaAsync(GenerateOptions options, string servers, string topic, CancellationToken cancel)
    {
        var kafka = new KafkaOptions
        {
            Servers = servers,
            EventsTopic = topic,
            // A customer's home partition is found with Java's hash; librdkafka's own default is another.
            Properties = new Dictionary<string, string> { ["partitioner"] = "murmur2_random" },
        };
        await KafkaConnection.CheckAsync(kafka, [topic], cancel);
        return await RunAsync(options, new KafkaInlet(kafka), cancel);
    }

    private static async Task<int> RunAsync(GenerateOptions options, IDemoInlet inlet, CancellationToken cancel)
    {
        using (inlet)
            await new Generator(options, inlet, TimeProvider.System, Console.Error.WriteLine).RunAsync(cancel);
        return ExitCode.Done;
    }

    private static Option<double?> Number(string name, string description, double low, double high, bool whole = true) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (double.TryParse(text, whole ? NumberStyles.None : NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value >= low && value <= high)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is a {(whole ? "whole " : "")}number from {low} to {high}, not '{text}'."));
            return null;
        },
    };
}
