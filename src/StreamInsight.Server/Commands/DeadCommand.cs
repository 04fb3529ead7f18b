using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Server.Cluster;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Http;
using StreamInsight.Server.Service;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight dead</c>: the records that could not be used, as a data folder keeps them, or the state of a cluster; also while that runs.</summary>
public static class DeadCommand
{
    private const int MaxAtOnce = 10_000;

    private static readonly Option<string> Data = new("--data") { Description = "Folder of the log and the state (default ./data).", HelpName = "DIR", DefaultValueFactory = _ => "data" };

    private static readonly Option<string> Redis = new("--redis") { Description = "Of several nodes, in place of --data: the Redis that has their state.", HelpName = "host:port" };

    private static readonly Option<FileInfo> Config = new("--config") { Description = "In place of both: the configuration of the service, or of a node.", HelpName = "insight.yaml" };

    private static readonly Option<string> Reason = new("--reason") { Description = "Only these: late, bad_property, stopped ….", HelpName = "R" };

    private static readonly Option<long?> Since = TimeOption("--since", "Only records taken in at or after this.");

    private static readonly Option<long?> Until = TimeOption("--until", "Only records taken in before this.");

    private static readonly Option<bool> Raw = new("--raw") { Description = "Show values too: personal data." };

    public static Command Create()
    {
        Reason.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !RefusalReason.All.Any(reason => reason.Reason() == result.Tokens[0].Value))
                result.AddError($"--reason: '{result.Tokens[0].Value}' is none of {string.Join(", ", RefusalReason.All.Select(RefusalReason.Reason))}.");
        });
        return new Command("dead", "Records that could not be used: see them, and put them back.") { List(), Show(), Requeue() }.WithExample(
            "streaminsight dead list --data data --reason bad_property",
            "streaminsight dead show 17 --data data --raw",
            "streaminsight dead requeue 17 18 --data data --url http://127.0.0.1:8080",
            "streaminsight dead list --redis 127.0.0.1:6379");
    }

    private static Command List()
    {
        var limit = new Option<int>("--limit") { Description = $"At most so many, {MaxAtOnce} at the most (default 50).", HelpName = "N", DefaultValueFactory = _ => 50 };
        Option<DeadLetterId> after = Id(new Option<DeadLetterId>("--after") { Description = "Only those with a greater number: the next page.", HelpName = "N" });
        var open = new Option<bool>("--open") { Description = "Only those that were not put back." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxAtOnce)
                result.AddError($"--limit is a whole number from 1 to {MaxAtOnce}.");
        });
        Command command = new Command("list", "Dead letters, oldest first. Values are masked unless --raw.") { Data, Redis, Config, Reason, Since, Until, after, limit, open, Raw, json }.WithExample(
            "streaminsight dead list --data data --since 2026-03-01T00:00:00Z --limit 20",
            "streaminsight dead list --data data --reason late --raw --json > late.jsonl");
        command.SetAction(line =>
        {
            IReadOnlyList<KeptDeadLetter> letters = Book(line).Read(Filter(line) with { Max = line.GetValue(limit), OnlyOpen = line.GetValue(open) }, line.GetValue(after));
            bool isJson = line.GetValue(json);
            if (!isJson)
                Console.Out.WriteLine($"{"number",10}  {"taken in at",-24}  {"reason",-13}  {"put back as",11}  {"position",-28}  record");
            foreach (KeptDeadLetter letter in letters)
                Console.Out.WriteLine(isJson ? Json(letter, line.GetValue(Raw)) : Row(letter, line.GetValue(Raw)));
            if (!isJson && letters.Count == line.GetValue(limit))
                Console.Out.WriteLine($"There may be more: --after {letters[^1].Id}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var number = new Argument<DeadLetterId>("number") { Description = "As 'dead list' shows it.", HelpName = "N", CustomParser = result => ParseId(result, result.Tokens[0].Value) };
        Command command = new Command("show", "One dead letter with its record.") { number, Data, Redis, Config, Raw }.WithExample("streaminsight dead show 17 --data data --raw");
        command.SetAction(line =>
        {
            DeadLetterId wanted = line.GetValue(number);
            KeptDeadLetter? letter = Book(line).Read(new DeadLetterFilter { Max = 1 }, wanted with { Number = wanted.Number - 1 }).FirstOrDefault(letter => letter.Id == wanted);
            if (letter is null)
                throw new WrongInputException($"There is no dead letter {wanted} (any more). 'streaminsight dead list' shows those that are kept.");
            Console.Out.WriteLine($"number      {letter.Id}");
            Console.Out.WriteLine($"taken in at {Instant(letter.Letter.RecordTimeMs)}");
            Console.Out.WriteLine($"position    {letter.Letter.Position}");
            Console.Out.WriteLine($"reason      {letter.Letter.Reason.Reason()}");
            Console.Out.WriteLine($"put back as {(letter.PutBackAs is { } place ? IsNumber(place) ? $"log/{place}" : place : "-")}");
            Console.Out.WriteLine(Record(letter, line.GetValue(Raw)));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Requeue()
    {
        var numbers = new Argument<DeadLetterId[]>("numbers")
        {
            Description = "As 'dead list' shows them.", HelpName = "N", Arity = ArgumentArity.ZeroOrMore, CustomParser = result => [.. result.Tokens.Select(token => ParseId(result, token.Value))],
        };
        var url = ServiceClient.UrlOption("The running service of this data folder, or any node of the cluster; without it the service has to be stopped.");
        var key = new Option<string>("--key") { Description = "The service's admin key; or set STREAMINSIGHT_KEY.", HelpName = "KEY" };
        Command command = new Command("requeue", "Puts records back to the front door (the embedded log; on a cluster Kafka), each once: by number, or all of a reason.") { numbers, Data, Redis, Config, Reason, Since, Until, url, key }.WithExample(
            "streaminsight dead requeue 17 18 --data data",
            "streaminsight dead requeue --reason stopped --data data --url http://127.0.0.1:8080");
        command.Validators.Add(line =>
        {
            if (line.GetValue(numbers) is not { Length: > 0 } == line.GetValue(Reason) is null)
                line.AddError("Say which: numbers, or --reason (with --since and --until if you like), not both.");
        });
        command.SetAction(async (line, cancel) =>
        {
            IDeadLetterBook book = Book(line);
            if (book is ClusterDeadLetters && line.GetValue(url) is null)
                throw new WrongInputException("A node puts records of a cluster back: give the address of any of them with --url, such as http://127.0.0.1:8080.");
            DeadLetterId[] wanted = line.GetValue(numbers) is { Length: > 0 } given
                ? given
                : [.. book.Read(Filter(line) with { OnlyOpen = true, Max = MaxAtOnce }, default).Select(letter => letter.Id)];
            int done = wanted.Length == 0 ? 0 : line.GetValue(url) is { } service
                ? await ServiceClient.RequeueAsync(service, line.GetValue(key), wanted, cancel)
                : await RequeueStoppedAsync(FolderOf(line), wanted);
            Console.Out.WriteLine($"{done} put back{(done < wanted.Length ? $", {wanted.Length - done} not: put back before, or not kept any more" : "")}.{(wanted.Length == MaxAtOnce ? " There may be more: say it again." : "")}");
            return done < wanted.Length && done == 0 ? ExitCode.WrongInput : ExitCode.Done;
        });
        return command;
    }

    private static async Task<int> RequeueStoppedAsync(string folder, DeadLetterId[] numbers)
    {
        using (SqliteFile there = SqliteFile.OpenReadOnly(folder))
        {
            // Looked for first: opening for writing would make a new folder.
        }
        using SqliteFile file = OpenStopped(folder);
        await using var log = new SqliteLog(file, new SqliteLogOptions { MaxWaiting = MaxAtOnce }, TimeProvider.System);
        var back = new LogReturn(log);
        return (await Task.WhenAll(numbers.Select(back.ReturnAsync))).Count(record => record is not null);
    }

    private static SqliteFile OpenStopped(string folder)
    {
        try
        {
            return SqliteFile.Open(folder);
        }
        catch (DependencyUnavailableException error) when (error.InnerException is IOException)
        {
            throw new DependencyUnavailableException($"{folder}: the service is running. Give its address with --url (http://127.0.0.1:8080), or stop it first.", error);
        }
    }

    private static DeadLetterFilter Filter(ParseResult line) => new()
    {
        Reason = line.GetValue(Reason) is { } name ? RefusalReason.All.First(reason => reason.Reason() == name) : null,
        SinceMs = line.GetValue(Since) ?? long.MinValue,
        UntilMs = line.GetValue(Until) ?? long.MaxValue,
    };

    private static IDeadLetterBook Book(ParseResult line)
    {
        if (line.GetValue(Redis) is { } address)
            return new ClusterDeadLetters(new RedisOptions { Address = address });
        return Options(line) is { Cluster: not null } node
            ? new ClusterDeadLetters(StoreFlags.RedisOf(node) ?? throw new WrongInputException("A cluster keeps its state in Redis: the configuration names none."))
            : new FolderDeadLetters(FolderOf(line));
    }

    private static string FolderOf(ParseResult line) => Options(line)?.DataFolder ?? line.GetValue(Data)!;

    private static InsightOptions? Options(ParseResult line) =>
        line.GetValue(Config) is { } config ? OptionsReader.Read(new RunFlags { Config = config.FullName }, Environment.GetEnvironmentVariable) : null;

    private static Option<DeadLetterId> Id(Option<DeadLetterId> option)
    {
        option.CustomParser = result => ParseId(result, result.Tokens[0].Value);
        return option;
    }

    private static DeadLetterId ParseId(SymbolResult result, string text)
    {
        if (DeadLetterId.Parse(text) is { } id)
            return id;
        result.AddError($"'{text}' is no number of a dead letter: 'dead list' shows them, such as 17, or on a cluster 7/17.");
        return default;
    }

    private static bool IsNumber(string place) => place.All(char.IsAsciiDigit);

    private static string Row(KeptDeadLetter letter, bool raw) =>
        $"{letter.Id,10}  {Instant(letter.Letter.RecordTimeMs),-24}  {letter.Letter.Reason.Reason(),-13}  {letter.PutBackAs ?? "-",11}  {letter.Letter.Position,-28}  {Short(Record(letter, raw))}";

    private static string Json(KeptDeadLetter letter, bool raw)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (letter.Id.Partition is null)
                json.WriteNumber("number", letter.Id.Number);
            else
                json.WriteString("number", letter.Id.ToString());
            json.WriteString("position", letter.Letter.Position.ToString());
            json.WriteString("reason", letter.Letter.Reason.Reason());
            if (letter.Letter.RecordTimeMs != SourceRecord.TimeInMessage)
                json.WriteString("taken_in_at", Instant(letter.Letter.RecordTimeMs));
            if (letter.PutBackAs is { } place && IsNumber(place))
                json.WriteNumber("put_back_as", long.Parse(place, CultureInfo.InvariantCulture));
            else if (letter.PutBackAs is not null)
                json.WriteString("put_back_as", letter.PutBackAs);
            string record = Record(letter, raw);
            json.WritePropertyName("record");
            if (MessageBatch.IsJson(Encoding.UTF8.GetBytes(record)))
                json.WriteRawValue(record, skipInputValidation: true);
            else
                json.WriteStringValue(record);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string Record(KeptDeadLetter letter, bool raw) => raw ? Printable(Encoding.UTF8.GetString(letter.Letter.Record.Span)) : MaskedRecord.Of(letter.Letter.Record.Span);

    /// <summary>What came from outside must not steer the terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static string Short(string text) => text.Length <= 160 ? text : text[..157] + "…";

    private static string Instant(long ms) => ms == SourceRecord.TimeInMessage ? "(as the record says)" : InstantText.Of(ms);

    private static Option<long?> TimeOption(string name, string description)
    {
        Option<long?> until = ReplayCommand.UntilOption();
        return new Option<long?>(name) { Description = description, HelpName = "T", CustomParser = until.CustomParser };
    }
}
