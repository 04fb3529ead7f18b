using Microsoft.Extensions.DependencyInjection;
using global::Orleans.Hosting;
using StreamInsight.Orleans.Customers;

namespace StreamInsight.Orleans.Silo;

/// <summary>What a silo needs for our grains, however it was built.</summary>
public static class SiloSetup
{
    public static ISiloBuilder AddInsightGrains(this ISiloBuilder silo, SiloModel model, IPartitionStores stores)
    {
        silo.Services.AddSingleton(model).AddSingleton(stores).AddSingleton<CustomerEngines>();
        return silo;
    }
}
