using StreamInsight.Kafka;
using StreamInsight.Server.Demo;
using StreamInsight.Server.Generate;

namespace StreamInsight.Deploy.Tests.Setting;

/// <summary>A small town at a steady rate.</summary>
internal static class Load
{
    /// <summary>Sends events to Kafka until cancelled.</summary>
    public static Task GenerateAsync(string kafka, double rate, CancellationToken cancel) => Task.Run(async () =>
    {
        using var inlet = new KafkaInlet(new KafkaOptions { Servers = kafka, Properties = new Dictionary<string, string> { ["partitioner"] = "murmur2_random" } });
        var options = new GenerateOptions { Rate = rate, Simulation = new SimulationOptions { Customers = 500 } };
        await new Generator(options, inlet, TimeProvider.System, _ => { }).RunAsync(cancel);
    }, CancellationToken.None);
}
