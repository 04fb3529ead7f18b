using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Configuration;

public sealed class OptionsReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_alone_is_enough()
    {
        InsightOptions options = OptionsReader.Read(new RunFlags { Model = "m.yaml" }, _ => null);
        Assert.Equal(new InsightOptions { ModelPath = "m.yaml" }, options);
        Assert.Equal("127.0.0.1:8080", options.Http.Bind);
    }

    [Fact]
    public void Without_a_model_it_says_what_to_give()
    {
        var wrong = Assert.Throws<WrongInputException>(() => OptionsReader.Read(new RunFlags(), _ => null));
        Assert.Equal("No model is given. Say --model M.yaml, or --config insight.yaml with model: in it.", Assert.Single(wrong.Faults));
    }

    [Fact]
    public void A_whole_file_is_read()
    {
        string file = _folder.File("insight.yaml", $$"""
            model: models/m.yaml
            data: /var/lib/insight
            clock: records
            http:
              bind: 0.0.0.0:9000
              cors_origin: https://shop.example
              keys:
                - { role: write, sha256: {{new string('a', 64)}} }
                - { role: admin, sha256: {{new string('b', 64)}} }
            redis: { address: "redis:6379", prefix: "x:", password_env: REDIS_PASSWORD, tls: true }
            kafka:
              servers: a:9092,b:9092
              group: g
              facts: insight.facts
              security: sasl_ssl
              sasl_mechanism: PLAIN
              sasl_user: me
              sasl_password_env: KAFKA_PASSWORD
              properties: ["queued.min.messages=10"]
            file: { path: f.jsonl.gz, speed: 0.5 }
            facts_file: out/facts.jsonl
            limits: { outbox: 500, fact_history: 0, log_retention: 1d, log_megabytes: 100, timer_grace: 1s, checkpoint_interval: 10ms, shutdown_delivery: 0s }
            """);
        InsightOptions options = OptionsReader.Read(new RunFlags { Config = file }, name => name.EndsWith("_PASSWORD", StringComparison.Ordinal) ? "secret of " + name : null);
        Assert.Equal(_folder.File("models/m.yaml"), options.ModelPath);
        Assert.Equal("/var/lib/insight", options.DataFolder);
        Assert.Equal(("0.0.0.0:9000", "https://shop.example", 2), (options.Http.Bind, options.Http.CorsOrigin, options.Http.Keys.Count));
        Assert.Equal(KeyRole.Admin, options.Http.Keys[1].Role);
        Assert.Equal(new RedisOptions { Address = "redis:6379", Prefix = "x:", Password = "secret of REDIS_PASSWORD", Tls = true }, options.Redis);
        Assert.Equal(("a:9092,b:9092", "g", "sasl_ssl", "me", "secret of KAFKA_PASSWORD"),
            (options.Kafka!.Options.Servers, options.Kafka.Options.Group, options.Kafka.Options.SecurityProtocol, options.Kafka.Options.SaslUser, options.Kafka.Options.SaslPassword));
        Assert.True(options.Kafka.SendFacts);
        Assert.Equal("10", options.Kafka.Options.Properties["queued.min.messages"]);
        Assert.Equal(new InsightOptions.EventFile { Path = _folder.File("f.jsonl.gz"), Speed = 0.5 }, options.File);
        Assert.Equal(_folder.File("out/facts.jsonl"), options.FactsFile);
        Assert.Equal((500, 0, ClockMode.Records), (options.Worker.OutboxCapacity, options.Worker.FactHistory, options.Worker.Clock));
        Assert.Equal(TimeSpan.FromSeconds(1), options.Worker.TimerGrace);
        Assert.Equal(TimeSpan.Zero, options.DeliverAtShutdown);
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_line_and_column()
    {
        string file = _folder.File("insight.yaml", """
            modle: m.yaml
            http: { bind: 5, keys: [{ role: boss, sha256: abc }] }
            kafka: { servers: "a:1", sasl_password_env: NOT_SET }
            limits: { outbox: 1 }
            file: { path: f, speed: fast }
            """);
        var wrong = Assert.Throws<WrongInputException>(() => OptionsReader.Read(new RunFlags { Config = file }, _ => null));
        Assert.Equal(
            ["1:1", "1:1", "2:15", "2:33", "2:47", "3:45", "4:19", "5:25"],
            wrong.Faults.Select(fault => string.Join(':', fault[(file.Length + 1)..].Split(':')[..2])));
        Assert.Contains(wrong.Faults, fault => fault.Contains("unknown key \"modle\". Did you mean \"model\"?"));
        Assert.Contains(wrong.Faults, fault => fault.Contains("the environment variable NOT_SET is not set"));
    }

    [Fact]
    public void Flags_go_over_environment_and_environment_over_the_file()
    {
        string file = _folder.File("insight.yaml", """
            model: of-file.yaml
            data: of-file
            redis: { address: "file:1", prefix: "kept:" }
            """);
        InsightOptions options = OptionsReader.Read(
            new RunFlags { Config = file, Redis = "flag:2", Http = "none" },
            name => name switch { "STREAMINSIGHT_DATA" => "of-environment", "STREAMINSIGHT_REDIS" => "environment:3", _ => null });
        Assert.Equal("of-environment", options.DataFolder);
        Assert.Equal(("flag:2", "kept:"), (options.Redis!.Address, options.Redis.Prefix));
        Assert.Null(options.Http.Bind);
    }

    [Fact]
    public void A_missing_file_is_said_plainly()
    {
        var wrong = Assert.Throws<WrongInputException>(() => OptionsReader.Read(new RunFlags { Config = _folder.File("no.yaml") }, _ => null));
        Assert.Contains("cannot be read", Assert.Single(wrong.Faults));
    }
}
