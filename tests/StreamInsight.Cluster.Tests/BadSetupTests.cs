using StreamInsight.Server.Tests.Crash;

namespace StreamInsight.Cluster.Tests;

/// <summary>A node that cannot be part of its cluster says why in one line, and is not half started.</summary>
public sealed class BadSetupTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task Without_Kafka_and_Redis_there_is_no_cluster()
    {
        (int code, string said) = await ServiceProcess.RunAsync("run", "--model", nodes.ModelPath("alone.yaml"), "--cluster", "nodes", "--http", "127.0.0.1:0");
        Assert.Equal(1, code);
        Assert.Contains("give --kafka host:port", said);
        Assert.Contains("give --redis host:port", said);
    }

    [Fact]
    public async Task A_Redis_that_is_not_there_is_said()
    {
        (int code, string said) = await ServiceProcess.RunAsync(
            "run", "--model", nodes.ModelPath("lost.yaml"), "--cluster", "nodes", "--kafka", nodes.Kafka, "--redis", "127.0.0.1:1", "--http", "127.0.0.1:0");
        Assert.Equal(3, code);
        Assert.Contains("Redis at 127.0.0.1:1 cannot be reached", said);
        Assert.DoesNotContain("   at ", said);
    }

    [Fact]
    public async Task The_state_of_another_model_is_refused()
    {
        (int code, string said) = await ServiceProcess.RunAsync(nodes.Arguments(nodes.ModelPath("other.yaml", TwoNodes.Model.Replace("model: nodes", "model: other"))));
        Assert.Equal(1, code);
        Assert.Contains("holds the customers of the model nodes@1, not of other@1", said);
    }

    [Fact]
    public async Task The_state_of_another_layout_is_refused()
    {
        (int code, string said) = await ServiceProcess.RunAsync(nodes.Arguments(nodes.ModelPath("layout.yaml", TwoNodes.Model.Replace("spend: { sum: order.total, window: 1d }", "spend: { sum: order.total, window: 2d }"))));
        Assert.Equal(1, code);
        Assert.Contains("with other traits, features, stages", said);
    }

    [Fact]
    public async Task The_state_of_another_installation_is_refused()
    {
        (int code, string said) = await ServiceProcess.RunAsync(nodes.Arguments(nodes.ModelPath("name.yaml"), cluster: "elsewhere"));
        Assert.Equal(1, code);
        Assert.Contains("holds the customers of the group nodes, not of elsewhere", said);
    }
}
