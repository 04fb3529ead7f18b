using StreamInsight.Pipeline;
using StreamInsight.Server.Demo;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;

namespace StreamInsight.Server.Tests.Demo;

public class DemoRunTests
{
    private const long Day = 86_400_000;

    private static readonly DemoOptions Small = new()
    {
        Simulation = new SimulationOptions { Customers = 60 },
        HistoryMs = 6 * Day,
        Duration = TimeSpan.FromMilliseconds(400),
        Http = "127.0.0.1:0",
        WithoutRedis = true,
    };

    [Fact]
    public async Task It_needs_nothing_adds_up_and_leaves_nothing_behind()
    {
        var (code, text) = await RunAsync(Small);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("segment_entered", text);
        Assert.Contains("left because time passed", text);
        Assert.Contains("duplicate", text);
        Assert.DoesNotContain("WRONG", text);
        var folder = text.Split('\n').Single(line => line.Contains("Log and state:")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        Assert.False(Directory.Exists(folder), folder);
    }

    [Fact]
    public async Task In_a_folder_that_is_kept_it_goes_on_where_it_stopped()
    {
        using var folder = new TempFolder();
        var kept = Small with { Data = new DirectoryInfo(folder.File("data")) };
        var (_, first) = await RunAsync(kept);
        var (code, second) = await RunAsync(kept with { Simulation = new SimulationOptions { Customers = 5, Seed = 9 } });
        Assert.Equal(ExitCode.Done, code);
        Assert.DoesNotContain("going on", first);
        Assert.Contains("going on where they stopped", second);
        Assert.Contains("before + entered − left = members", second);
        Assert.DoesNotContain("WRONG", second);
    }

    [Fact]
    public async Task A_folder_with_something_else_in_it_is_refused()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("notes.txt"), "mine");
        var error = await Assert.ThrowsAsync<WrongInputException>(() => RunAsync(Small with { Data = new DirectoryInfo(Path.GetDirectoryName(folder.File("notes.txt"))!) }));
        Assert.Contains("holds something, but no demo", error.Message);
    }

    [Fact]
    public async Task A_demo_delivers_to_Redis_and_the_next_one_starts_clean()
    {
        using var redis = new RedisServer();
        var delivering = Small with { WithoutRedis = false, Redis = redis.Address };
        var (_, text) = await RunAsync(delivering);
        Assert.Contains($"Redis: {redis.Address}", text);
        Assert.NotEmpty(redis.Keys("si:s:*"));
        Assert.NotEmpty(redis.Keys("si:c:*"));

        // Another town, with other and fewer customers: nothing of the first one is left.
        var (_, _) = await RunAsync(delivering with { Simulation = new SimulationOptions { Customers = 3 }, HistoryMs = Day });
        Assert.True(redis.Keys("si:c:*").Length <= 10, string.Join(' ', redis.Keys("si:c:*")));
    }

    [Fact]
    public async Task The_keys_of_an_installation_are_not_touched()
    {
        using var redis = new RedisServer();
        redis.Ask("SET", "si:c:{u1}", "precious");
        var error = await Assert.ThrowsAsync<WrongInputException>(() => RunAsync(Small with { WithoutRedis = false, Redis = redis.Address }));
        Assert.Contains("not a demo's", error.Message);
        Assert.Equal(["si:c:{u1}"], redis.Keys());
    }

    [Fact]
    public async Task A_Redis_that_was_asked_for_and_is_not_there_is_said_in_one_line()
    {
        int port;
        using (var redis = new RedisServer())
            port = redis.Port;
        var error = await Assert.ThrowsAsync<DependencyUnavailableException>(() => RunAsync(Small with { WithoutRedis = false, Redis = $"127.0.0.1:{port}" }));
        Assert.Contains($"Redis at 127.0.0.1:{port} cannot be reached", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static async Task<(int Code, string Text)> RunAsync(DemoOptions options)
    {
        var text = new StringWriter();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var code = await DemoRun.RunAsync(options, text, null, patience.Token);
        return (code, text.ToString());
    }
}
