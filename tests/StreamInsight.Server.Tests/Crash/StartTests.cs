using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>What <c>run</c> says, and its exit code, when something is wrong at the start.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_goes_on_with_new_conditions_but_not_with_other_features_or_another_model()
    {
        Assert.Equal(0, await StartAndStopAsync(RunningService.Model));
        Assert.Equal(0, await StartAndStopAsync(RunningService.Model.Replace("version: 1", "version: 2").Replace(">= 100.0", ">= 200.0")));
        Assert.Contains("the model given is older: shop@1", await RefusedAsync(RunningService.Model, 1));
        Assert.Contains("with other traits, features, stages, segments", await RefusedAsync(RunningService.Model.Replace("version: 1", "version: 3").Replace("30d", "31d"), 1));
        Assert.Contains("holds the customers of the model shop@2, not of other@1", await RefusedAsync(RunningService.Model.Replace("model: shop", "model: other"), 1));
    }

    [Fact]
    public async Task Every_fault_of_the_model_is_a_line_and_the_exit_code_is_1()
    {
        string said = await RefusedAsync("model: shop\nversion: x\nnope: 1\n", 1);
        Assert.Contains("2:", said);
        Assert.Contains("3:", said);
        Assert.DoesNotContain("   at ", said);
    }

    [Fact]
    public async Task A_redis_that_cannot_be_reached_is_one_line_and_exit_code_3()
    {
        string said = await RefusedAsync(RunningService.Model, 3, "--redis", "127.0.0.1:1");
        Assert.Contains("Redis at 127.0.0.1:1", Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_and_exit_code_3()
    {
        await using RunningService other = await RunningService.StartAsync();
        string said = await RefusedAsync(RunningService.Model, 3, "--http", $"127.0.0.1:{other.Service.Url!.Port}");
        Assert.Contains("cannot listen on", said);
        Assert.DoesNotContain("   at ", said);
    }

    private async Task<int> StartAndStopAsync(string model)
    {
        using ServiceProcess service = await ServiceProcess.StartAsync(Run(model, ["--http", "127.0.0.1:0"]));
        return await service.TerminateAsync();
    }

    private async Task<string> RefusedAsync(string model, int exitCode, params string[] more)
    {
        (int code, string said) = await ServiceProcess.RunAsync([.. Run(model, more.Contains("--http") ? [] : ["--http", "127.0.0.1:0"]), .. more]);
        Assert.True(exitCode == code, $"exit code {code}: {said}");
        return said;
    }

    private string[] Run(string model, string[] http) => ["run", "--model", _folder.File("m.yaml", model), "--data", _folder.File("data"), .. http];
}
