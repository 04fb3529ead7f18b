namespace StreamInsight.Orleans.Customers;

/// <summary>An engine for each thread that customers' grains run on: its working memory is used within one step, and a step never waits.</summary>
public sealed class CustomerEngines(SiloModel model)
{
    private readonly ThreadLocal<EngineSeat> _seats = new(() => new EngineSeat(model.Model));

    internal EngineSeat Mine => _seats.Value!;
}
