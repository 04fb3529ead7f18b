using System.Net;
using StreamInsight.Definitions;
using StreamInsight.Definitions.Shapes;
using StreamInsight.Definitions.Yaml;
using StreamInsight.Kafka;
using StreamInsight.Orleans.Silo;
using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Sqlite;
using StreamInsight.Webhooks;

namespace StreamInsight.Server.Configuration;

/// <summary>Reads <c>insight.yaml</c>. Every fault is told at once, with line and column.</summary>
internal sealed class ConfigFile
{
    private readonly string _path;
    private readonly Fields _root;
    private readonly Func<string, string?> _environment;
    private readonly List<ModelFault> _found = [];

    private ConfigFile(string path, YamlNode? root, Func<string, string?> environment)
    {
        _path = path;
        _root = new Fields(root, ConfigShape.Root);
        _environment = environment;
    }

    /// <summary>The options the file makes. Throws <see cref="WrongInputException"/>, one line a fault.</summary>
    /// <param name="modelFromFlag">A model given elsewhere stands for the file's, which may then be missing.</param>
    public static InsightOptions Read(string path, string? modelFromFlag, Func<string, string?> environment)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WrongInputException($"{path}: cannot be read: {error.Message}");
        }
        var list = new List<ModelFault>();
        var faults = new Faults(list);
        YamlNode? root = null;
        if (ModelText.Decode(bytes, list) is { } text && ModelText.IsReadable(ref text, faults))
            root = YamlTree.Parse(text, faults);
        if (root is not null)
            ConfigShape.Root.Check(root, "", faults);
        if (modelFromFlag is not null)
            list.RemoveAll(fault => fault.Message.StartsWith("model: is missing", StringComparison.Ordinal));
        var file = new ConfigFile(path, root, environment);
        InsightOptions options = file.Make(modelFromFlag);
        list.AddRange(file._found);
        if (list.Count == 0)
            return options;
        list.Sort((a, b) => a.Mark.CompareTo(b.Mark));
        throw new WrongInputException([.. list.Select(fault => $"{path}:{fault}")]);
    }

    private InsightOptions Make(string? model)
    {
        Fields limits = _root.Map("limits", ConfigShape.Limits);
        var usual = new InsightOptions { ModelPath = model ?? Resolve(_root.Text("model")) ?? "" };
        return usual with
        {
            DataFolder = Resolve(_root.Text("data")) ?? Resolve(usual.DataFolder)!,
            Http = Http(_root.Map("http", ConfigShape.Http), usual.Http),
            Redis = _root.Has("redis") ? Redis(_root.Map("redis", ConfigShape.Redis)) : null,
            LookupHashKey = HashKey(_root.Map("pii", ConfigShape.Pii)),
            Kafka = _root.Has("kafka") ? Kafka(_root.Map("kafka", ConfigShape.Kafka)) : null,
            Cluster = _root.Has("cluster") ? new InsightOptions.ClusterUse { Name = _root.Map("cluster", ConfigShape.Cluster).Text("name") ?? "" } : null,
            Webhooks = Webhooks(_root.Map("webhooks", ConfigShape.Webhooks), new WebhookOptions()),
            File = _root.Has("file") ? EventFile(_root.Map("file", ConfigShape.File)) : null,
            FactsFile = _root.Text("facts_file") is "-" ? "-" : Resolve(_root.Text("facts_file")),
            Decisions = new DecisionRetention(Span(limits, "decision_retention") ?? usual.Decisions.Keep, limits.Whole("decisions") ?? usual.Decisions.Max),
            LogRetention = Span(limits, "log_retention") ?? usual.LogRetention,
            LogMegabytes = limits.Whole("log_megabytes") ?? usual.LogMegabytes,
            DeliverAtShutdown = Span(limits, "shutdown_delivery") ?? usual.DeliverAtShutdown,
            UsesOrleans = _root.Text("host") == "orleans",
            Silo = Silo(_root.Map("orleans", ConfigShape.Orleans)),
            Worker = usual.Worker with
            {
                Clock = _root.Text("clock") == "records" ? ClockMode.Records : ClockMode.Wall,
                OutboxCapacity = limits.Whole("outbox") ?? usual.Worker.OutboxCapacity,
                FactHistory = limits.Whole("fact_history") ?? usual.Worker.FactHistory,
                DeadLettersKept = limits.Whole("dead_letters") ?? usual.Worker.DeadLettersKept,
                ForgetTombstoneAfter = Span(limits, "forget_tombstone_after") ?? usual.Worker.ForgetTombstoneAfter,
                TimerGrace = Span(limits, "timer_grace") ?? usual.Worker.TimerGrace,
                CheckpointInterval = Span(limits, "checkpoint_interval") ?? usual.Worker.CheckpointInterval,
            },
        };
    }

    private InsightOptions.HttpOptions Http(Fields http, InsightOptions.HttpOptions usual) => usual with
    {
        Bind = http.Text("bind") is { } bind ? bind == "none" ? null : bind : usual.Bind,
        Rate = http.Whole("rate") ?? usual.Rate,
        Burst = http.Whole("burst") ?? usual.Burst,
        MaxConnections = http.Whole("max_connections") ?? usual.MaxConnections,
        MaxStreams = http.Whole("max_streams") ?? usual.MaxStreams,
        RequestTimeout = Span(http, "request_timeout") ?? usual.RequestTimeout,
        Tls = http.Has("tls") ? Tls(http.Map("tls", ConfigShape.Tls), http.Node("tls")!.Mark) : null,
        CorsOrigin = http.Text("cors_origin") ?? usual.CorsOrigin,
        Keys = [.. http.Items("keys").Select(Key).OfType<ApiKey>()],
    };

    private SiloOptions Silo(Fields orleans)
    {
        var usual = new SiloOptions();
        IPAddress? advertised = null;
        if (orleans.Text("advertise") is { } text && !IPAddress.TryParse(text, out advertised))
            _found.Add(new ModelFault(orleans.Node("advertise")!.Mark, "orleans.advertise: is no IP address"));
        return usual with
        {
            Grain = orleans.Text("grain") == "customer" ? GrainKind.Customer : GrainKind.Partition,
            Redis = orleans.Text("redis"),
            RedisPassword = Secret(orleans, "redis_password_env"),
            Cluster = orleans.Text("cluster") ?? usual.Cluster,
            Service = orleans.Text("service") ?? usual.Service,
            Advertised = advertised,
            SiloPort = orleans.Whole("port") ?? usual.SiloPort,
            GatewayPort = orleans.Whole("gateway_port") ?? usual.GatewayPort,
            IdleAfter = Span(orleans, "idle_after") is { } idle ? idle < TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : idle : usual.IdleAfter,
        };
    }

    private ApiKey? Key(YamlNode node)
    {
        var key = new Fields(node, ConfigShape.KeyEntry);
        if (key.Has("hash") == key.Has("sha256"))
            _found.Add(new ModelFault(node.Mark, "keys: one of hash (streaminsight keys new) and sha256 is needed"));
        return Enum.TryParse(key.Text("role"), ignoreCase: true, out KeyRole role) && (key.Scalar("hash") ?? key.Scalar("sha256"))?.Text is { } hash
            ? ApiKey.Parse(role, hash) is { } parsed ? parsed with { Rate = key.Whole("rate") } : null
            : null;
    }

    private TlsFiles? Tls(Fields tls, Mark mark)
    {
        var files = new TlsFiles(Resolve(tls.Text("certificate")), Resolve(tls.Text("key")), Resolve(tls.Text("pfx")), Secret(tls, "password_env"));
        if (files.Pfx is null ? files.Certificate is null || files.Key is null : files.Certificate is not null || files.Key is not null)
            _found.Add(new ModelFault(mark, "tls: allowed is certificate and key, or pfx"));
        return files;
    }

    private string? HashKey(Fields pii)
    {
        string? key = Secret(pii, "hash_key_env") ?? pii.Text("hash_key");
        if (key is { Length: < 16 })
            _found.Add(new ModelFault((pii.Node("hash_key_env") ?? pii.Node("hash_key"))!.Mark, "pii: the hash key has less than 16 characters; make one with: openssl rand -base64 32"));
        return key;
    }

    private RedisOptions Redis(Fields redis) => new()
    {
        Address = redis.Text("address") ?? "",
        Prefix = redis.Text("prefix") ?? "si:",
        User = Secret(redis, "user_env"),
        Password = Secret(redis, "password_env"),
        CaFile = Resolve(redis.Text("ca_file")),
        Tls = redis.Scalar("tls")?.Text == "true",
    };

    private InsightOptions.KafkaUse Kafka(Fields kafka)
    {
        string servers = kafka.Text("servers") ?? "";
        var usual = new KafkaOptions { Servers = servers };
        return new InsightOptions.KafkaUse
        {
            Embedded = servers == "embedded",
            SendFacts = kafka.Has("facts"),
            Options = usual with
            {
                Group = kafka.Text("group") ?? usual.Group,
                InstanceId = kafka.Text("instance_id"),
                EventsTopic = kafka.Text("events") ?? usual.EventsTopic,
                DeadTopic = kafka.Text("dead") ?? usual.DeadTopic,
                FactsTopic = kafka.Text("facts") ?? usual.FactsTopic,
                SecurityProtocol = kafka.Text("security"),
                SaslMechanism = kafka.Text("sasl_mechanism"),
                SaslUser = kafka.Text("sasl_user") ?? Secret(kafka, "sasl_user_env"),
                SaslPassword = Secret(kafka, "sasl_password_env"),
                CaFile = Resolve(kafka.Text("ca_file")),
                CertFile = Resolve(kafka.Text("cert_file")),
                KeyFile = Resolve(kafka.Text("key_file")),
                KeyPassword = Secret(kafka, "key_password_env"),
                StopsAtGaps = kafka.Text("offset_reset") == "error",
                Properties = Properties(kafka),
            },
        };
    }

    private Dictionary<string, string> Properties(Fields kafka)
    {
        var properties = new Dictionary<string, string>();
        foreach (YamlText pair in kafka.Items("properties").OfType<YamlText>().Where(pair => pair.Text.Contains('=')))
        {
            string name = pair.Text[..pair.Text.IndexOf('=')];
            properties[name] = pair.Text[(name.Length + 1)..];
            if (KafkaProperties.Fault(name) is { } fault)
                _found.Add(new ModelFault(pair.Mark, $"kafka.properties: {name} {fault}"));
        }
        return properties;
    }

    private static WebhookOptions Webhooks(Fields webhooks, WebhookOptions usual) => usual with
    {
        Timeout = Span(webhooks, "timeout") ?? usual.Timeout,
        Concurrency = webhooks.Whole("concurrency") ?? usual.Concurrency,
        Attempts = webhooks.Whole("attempts") ?? usual.Attempts,
        GiveUpAfter = Span(webhooks, "give_up_after") ?? usual.GiveUpAfter,
        MaxBehind = webhooks.Whole("max_behind") ?? usual.MaxBehind,
        BreakerAfter = webhooks.Whole("breaker_after") ?? usual.BreakerAfter,
        AllowPrivate = webhooks.Scalar("allow_private")?.Text == "true",
        AllowHttp = webhooks.Scalar("allow_http")?.Text == "true",
    };

    private InsightOptions.EventFile EventFile(Fields file) => new()
    {
        Path = Resolve(file.Text("path")) ?? "",
        Speed = ((NumberShape)ConfigShape.File.Of("speed")).Read(file.Node("speed")) ?? 0,
    };

    /// <summary>The value of the environment variable named; a variable that is not set is a fault.</summary>
    private string? Secret(Fields fields, string key)
    {
        if (fields.Text(key) is not { } variable)
            return null;
        string? value = _environment(variable);
        if (value is null)
            _found.Add(new ModelFault(fields.Node(key)!.Mark, $"{key}: the environment variable {variable} is not set"));
        return value;
    }

    /// <summary>Paths of the file are relative to the file.</summary>
    private string? Resolve(string? path) => path is null ? null : Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(_path))!);

    private static TimeSpan? Span(Fields fields, string key) => fields.Duration(key) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
}
