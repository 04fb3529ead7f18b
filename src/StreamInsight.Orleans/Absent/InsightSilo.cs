using Microsoft.Extensions.Logging;
using StreamInsight.Pipeline;

namespace StreamInsight.Orleans.Silo;

/// <summary>Stands where the silo is in the package profile <c>complete</c>, and says that it is not here.</summary>
public static class InsightSilo
{
    public static string? MeterName => null;

    public static Task<ICustomerHosts> StartAsync(
        SiloOptions options, CompiledModel model, Func<string, IStateStore>? openRead, ILoggerFactory logs, CancellationToken cancel = default) =>
        throw new DependencyUnavailableException(
            "This program was built without Orleans (package profile 'partial', see docs/decisions/0007): run with --host local, or build with ./insight setup --profile complete.");
}
