using StreamInsight.Definitions;

namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>A small model and the messages for it.</summary>
public static class Shop
{
    public const long Noon = 1_770_000_000_000;

    public const string Yaml = """
        model: shop
        version: 1
        events:
          order: { name: "Order Completed", properties: { total: double } }
          call: { name: "Call Started", properties: { reason: string } }
        features:
          spend: { sum: order.total, window: 10m }
          orders: { count: order }
        journey:
          initial: new
          stages: [new, buyer]
          transitions:
            - { from: new, to: buyer, when: features.orders >= 1 }
        segments:
          big: { when: "features.spend >= 100.0" }
        triggers:
          big_in: { on: entered(big), max_age: 1m, to: [redis], with: [features.spend] }
        """;

    public static CompiledModel Compile(string yaml = Yaml)
    {
        var faults = new List<ModelFault>();
        CompiledModel? model = ModelReader.Read(yaml, faults) is { } definition ? CompiledModel.Compile(definition, faults) : null;
        return model ?? throw new InvalidOperationException(string.Join('\n', faults));
    }

    public static string Order(string user, double total, string? messageId = null) =>
        $$"""{"type":"track","event":"Order Completed","userId":"{{user}}","properties":{"total":{{total.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}{{(messageId is null ? "" : $",\"messageId\":\"{messageId}\"")}}}""";
}
