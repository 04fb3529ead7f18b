using StreamInsight.Orleans.Tests.Setting;
using StreamInsight.Pipeline.Tests.Golden;
using StreamInsight.Pipeline.Tests.Setting;

namespace StreamInsight.Orleans.Tests;

/// <summary>Silos for the models of the conformance suite, started once for all of its tests.</summary>
public sealed class GoldenSilo : IAsyncLifetime
{
    private readonly Dictionary<string, TestSilos> _silos = [];

    public async Task InitializeAsync()
    {
        foreach (CompiledModel model in (CompiledModel[])[GoldenLog.Compile(), Shop.Compile()])
            _silos[model.Id] = await TestSilos.StartAsync(model);
    }

    public TestSilos For(CompiledModel model) => _silos[model.Id];

    public async Task DisposeAsync()
    {
        foreach (TestSilos silos in _silos.Values)
            await silos.DisposeAsync();
    }
}
