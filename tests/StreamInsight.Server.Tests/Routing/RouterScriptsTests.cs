using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using StackExchange.Redis;
using StreamInsight.Redis;
using StreamInsight.Server.Tests.Http;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;
using Xunit.Abstractions;

namespace StreamInsight.Server.Tests.Routing;

/// <summary>
/// Every script of docs/routing.md is run as it stands there against a real Redis that the real service has filled. A language that is not installed is passed over with a message.
/// </summary>
public sealed partial class RouterScriptsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string HashKey = "a key of some length";

    private readonly RedisServer _redis = new();
    private readonly TempFolder _folder = new();
    private RunningService _service = null!;
    private string? _hashKey;

    public async Task InitializeAsync() => await StartAsync(null);

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _redis.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Redis_cli_finds_a_customer_in_one_question_and_a_phone_number_in_two()
    {
        string[] found = Run("bash", "-c", Cli(Block("redis-cli").Replace("u1023", "ada", StringComparison.Ordinal))).Split('\n');
        Assert.Contains("priority", found);
        Assert.Contains("740", found);
        Assert.Contains("""["big"]""", found);
        Assert.Equal(2, found.Count(line => line == "ada")); // in its queue and in its segment
        Assert.Contains("priority", Run("bash", "-c", Cli(Block("redis-cli-phone"))).Split('\n'));
    }

    [Fact]
    public async Task Python_reads_the_record()
    {
        if (!Has("python3", "--version"))
            return;
        string script = Write("insight.py");
        await CheckAsync(arguments => JsonDocument.Parse(Run("python3", [script, .. arguments])).RootElement);
    }

    [Fact]
    public async Task Node_reads_the_record()
    {
        if (!HasNode())
            return;
        Write("insight.mjs");
        string main = _folder.File("main.mjs", """
            import { byCustomer, byPhone, close } from './insight.mjs';
            const [kind, value] = process.argv.slice(2);
            console.log(JSON.stringify(kind === 'phone' ? await byPhone(value) : await byCustomer(kind)));
            close();
            """);
        await CheckAsync(arguments => JsonDocument.Parse(Run("node", [main, .. arguments])).RootElement);
    }

    [Fact]
    public async Task CSharp_reads_the_record_and_stands_in_the_page_as_it_is_tested()
    {
        string tested = File.ReadAllText(Path.Combine(Repository, "tests/StreamInsight.Server.Tests/Routing/InsightReader.cs")).Trim();
        Assert.Contains($"<!-- same as: InsightReader.cs -->\n```csharp\n{tested}\n```", Page(), StringComparison.Ordinal);

        using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(_redis.Address);
        await CheckAsync(arguments =>
        {
            var reader = new InsightReader(redis, _hashKey);
            var found = (arguments[0] == "phone" ? reader.ByPhoneAsync(arguments[1]) : reader.ByCustomerAsync(arguments[0])).Result;
            return JsonSerializer.SerializeToElement(found, new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
        });
    }

    [Fact]
    public void A_Connect_Lambda_answers_a_flat_map_of_texts()
    {
        if (!Has("python3", "--version"))
            return;
        Write("insight.py");
        Write("connect_lambda.py");
        JsonElement Ask(string phone, string parameters) => JsonDocument.Parse(Run("python3", "-c", $$$"""
            import sys, json
            sys.path.insert(0, {{{JsonSerializer.Serialize(_folder.Path)}}})
            from connect_lambda import handler
            event = {"Details": {"ContactData": {"Channel": "VOICE", "CustomerEndpoint": {"Address": "{{{phone}}}", "Type": "TELEPHONE_NUMBER"}}, "Parameters": {{{parameters}}}}, "Name": "ContactFlowEvent"}
            print(json.dumps(handler(event, None)))
            """)).RootElement;

        foreach (JsonElement answer in (JsonElement[])[Ask("+4930123456", "{}"), Ask("", """{"customer":"ada"}""")])
        {
            Assert.All(answer.EnumerateObject(), member => Assert.Equal(JsonValueKind.String, member.Value.ValueKind));
            Assert.Equal("true", answer.GetProperty("known").GetString());
            Assert.Equal("priority", answer.GetProperty("queue").GetString());
            Assert.Equal("444", answer.GetProperty("age_seconds").GetString());
            Assert.Equal("call_back", answer.GetProperty("action").GetString());
            Assert.Equal("Thank you for 200.", answer.GetProperty("script").GetString());
        }
        JsonElement unknown = Ask("+1", "{}");
        Assert.Equal("false", unknown.GetProperty("known").GetString());
        Assert.Equal("general", unknown.GetProperty("queue").GetString());
        Assert.Equal("0", unknown.GetProperty("age_seconds").GetString());
    }

    [Fact]
    public void A_Genesys_data_action_answers_flat_members()
    {
        if (!HasNode())
            return;
        Write("insight.mjs");
        Write("genesys.mjs");
        string main = _folder.File("main.mjs", """
            import { handler } from './genesys.mjs';
            import { close } from './insight.mjs';
            console.log(JSON.stringify(await handler(JSON.parse(process.argv[2]))));
            close();
            """);
        foreach (string question in (string[])["""{"phone":"tel:+4930123456"}""", """{"customer":"ada"}"""])
        {
            JsonElement answer = JsonDocument.Parse(Run("node", main, question)).RootElement;
            Assert.Equal(7, answer.GetProperty("points").GetInt32());
            Assert.Equal("priority", answer.GetProperty("queue").GetString());
            Assert.Equal("Thank you for 200.", answer.GetProperty("script").GetString());
        }
        Assert.Equal(0, JsonDocument.Parse(Run("node", main, """{"phone":""}""")).RootElement.GetProperty("points").GetInt32());
    }

    [Fact]
    public void A_Twilio_call_is_enqueued_with_its_priority_and_the_insight()
    {
        JsonElement workflow = JsonDocument.Parse(Block("workflow.json")).RootElement.GetProperty("task_routing").GetProperty("filters")[0].GetProperty("targets");
        Assert.Equal(StreamInsight.Routing.TaskRouterAdapter.Escalated, workflow[1].GetProperty("priority").GetInt32());
        Assert.Equal(new StreamInsight.Routing.TaskRouterAdapter().GreatestExtraWaitSeconds, workflow[0].GetProperty("timeout").GetInt32());
        if (!HasNode())
            return;
        Write("insight.mjs");
        Write("twilio.mjs");
        string main = _folder.File("main.mjs", """
            import { answer } from './twilio.mjs';
            import { close } from './insight.mjs';
            console.log(await answer(process.argv[2]));
            close();
            """);
        System.Xml.Linq.XElement task = System.Xml.Linq.XElement.Parse(Run("node", main, "+4930123456")).Descendants("Task").Single();
        Assert.Equal("7", task.Attribute("priority")!.Value);
        Assert.Equal("call_back", JsonDocument.Parse(task.Value).RootElement.GetProperty("action").GetString());
        Assert.Equal("0", System.Xml.Linq.XElement.Parse(Run("node", main, "+1")).Descendants("Task").Single().Attribute("priority")!.Value);
    }

    /// <summary>By customer, by phone, unknown, missing, stale, hashed, and without Redis.</summary>
    private async Task CheckAsync(Func<string[], JsonElement> ask)
    {
        JsonElement found = ask(["ada"]);
        Assert.Equal("ada", found.GetProperty("customer").GetString());
        Assert.Equal("priority", found.GetProperty("queue").GetString());
        Assert.Equal(740, found.GetProperty("score").GetDouble());
        Assert.Equal("big", found.GetProperty("reasons")[0].GetString());
        Assert.Equal("call_back", found.GetProperty("actions")[0].GetProperty("action").GetString());
        foreach (string phone in (string[])["+4930123456", "0049 (30) 123-456"])
            Assert.Equal("ada", ask(["phone", phone]).GetProperty("customer").GetString());

        AssertDefault(ask(["phone", "+1"]));
        AssertDefault(ask(["nobody"]));
        _redis.Ask("HSET", "si:c:{ada}", "valid_until", "2020-01-01T00:00:00.000Z");
        AssertDefault(ask(["ada"]));
        _redis.Ask("DEL", "si:c:{ada}");
        AssertDefault(ask(["phone", "+4930123456"]));

        await _service.DisposeAsync();
        _redis.Ask("FLUSHALL");
        await StartAsync(HashKey);
        Assert.DoesNotContain(_redis.Keys("si:a:*"), key => key.Contains("4930123456", StringComparison.Ordinal));
        Assert.Equal("ada", ask(["phone", "+4930123456"]).GetProperty("customer").GetString());

        _redis.Kill();
        AssertDefault(ask(["ada"]));
        _redis.Restart();
    }

    private static void AssertDefault(JsonElement found)
    {
        Assert.Equal(JsonValueKind.Null, found.GetProperty("customer").ValueKind);
        Assert.Equal("general", found.GetProperty("queue").GetString());
        Assert.Equal(0, found.GetProperty("score").GetDouble());
        Assert.Equal(0, found.GetProperty("actions").GetArrayLength());
    }

    private async Task StartAsync(string? hashKey)
    {
        _hashKey = hashKey;
        _service = await RunningService.StartAsync(options => options with { Redis = new RedisOptions { Address = _redis.Address }, LookupHashKey = hashKey }, DecideTests.Model);
        await _service.PostAsync("/v1/track", """{"type":"track","event":"Order Completed","userId":"ada","properties":{"total":200}}""");
        await _service.PostAsync("/v1/identify", """{"type":"identify","userId":"ada","traits":{"phone":"+49 30 123456"}}"""); // no fact tells it
        for (var waited = Stopwatch.StartNew(); _redis.Keys("si:c:*").Length == 0 || _redis.Keys("si:a:*").Length == 0; await Task.Delay(20))
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), "Nothing comes to Redis: " + string.Join(' ', _redis.Keys()));
    }

    private bool Has(string program, params string[] arguments)
    {
        try
        {
            Run(program, arguments);
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            output.WriteLine($"Passed over: {program} is not installed.");
            return false;
        }
    }

    /// <summary>Node with the package redis, installed once for all runs where the registry has it.</summary>
    private bool HasNode()
    {
        if (!Has("node", "--version"))
            return false;
        string shared = Path.Combine(Path.GetTempPath(), "streaminsight-node");
        if (!Directory.Exists(Path.Combine(shared, "node_modules", "redis")))
        {
            Directory.CreateDirectory(shared);
            try
            {
                Run("npm", "install", "--prefix", shared, "--no-audit", "--no-fund", "--loglevel=error", "redis@5");
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                output.WriteLine($"Passed over: the package redis cannot be installed. {e.Message}");
                return false;
            }
        }
        if (!Path.Exists(Path.Combine(_folder.Path, "node_modules")))
            Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "node_modules"), Path.Combine(shared, "node_modules"));
        return true;
    }

    private string Write(string name) => _folder.File(name, Block(name));

    private string Cli(string script) => $"set -e\nredis-cli() {{ command redis-cli -p {_redis.Port} \"$@\"; }}\n{script}";

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["INSIGHT_REDIS"] = $"redis://{_redis.Address}";
        start.Environment["WORKFLOW_SID"] = "WW1";
        start.Environment.Remove("INSIGHT_HASH_KEY");
        if (_hashKey is not null)
            start.Environment["INSIGHT_HASH_KEY"] = _hashKey;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromSeconds(120)))
            process.Kill();
        return process.ExitCode == 0 ? said.TrimEnd() : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}{said}");
    }

    /// <summary>The block of the page behind <c>&lt;!-- run: name --&gt;</c>.</summary>
    private static string Block(string name) =>
        Blocks().Matches(Page()).Single(match => match.Groups[1].Value == name).Groups[2].Value;

    private static string Page() => File.ReadAllText(Path.Combine(Repository, "docs", "routing.md"));

    private static string Repository { get; } = FindRepository();

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "StreamInsight.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("StreamInsight.sln is not above the tests.");
        return folder.FullName;
    }

    [GeneratedRegex(@"<!-- run: (\S+) -->\n```\w+\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
