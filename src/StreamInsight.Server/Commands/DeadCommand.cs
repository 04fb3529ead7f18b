using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight dead</c>: the records that could not be used, as a data folder keeps them; also while the service runs.</summary>
public static class DeadCommand
{
    private const int MaxAtOnce = 10_000;

    private static readonly Option<string> Data = new("--data") { Description = "Folder of the log and the state (default ./data).", HelpName = "DIR", DefaultValueFactory = _ => "data" };

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
            "streaminsight dead requeue 17 18 --data data --url http://127.0.0.1:8080");
    }

    private static Command List()
    {
        var limit = new Option<int>("--limit") { Description = $"At most so many, {MaxAtOnce} at the most (default 50).", HelpName = "N", DefaultValueFactory = _ => 50 };
        var after = new Option<long>("--after") { Description = "Only those with a greater number: the next page.", HelpName = "N" };
        var open = new Option<bool>("--open") { Description = "Only those that were not put back." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxAtOnce)
                result.AddError($"--limit is a whole number from 1 to {MaxAtOnce}.");
        });
        Command command = new Command("list", "Dead letters, oldest first. Values are masked unless --raw.") { Data, Reason, Since, Until, after, limit, open, Raw, json }.WithExample(
            "streaminsight dead list --data data --since 2026-03-01T00:00:00Z --limit 20",
            "streaminsight dead list --data data --reason late --raw --json > late.jsonl");
        command.SetAction(line =>
        {
            IReadOnlyList<StoredDeadLetter> letters = Read(line, Filter(line) with { After = line.GetValue(after), Max = line.GetValue(limit), OnlyOpen = line.GetValue(open) });
            bool isJson = line.GetValue(json);
            if (!isJson)
                Console.Out.WriteLine($"{"number",10}  {"taken in at",-24}  {"reason",-13}  {"put back as",11}  {"position",-28}  record");
            foreach (StoredDeadLetter letter in letters)
                Console.Out.WriteLine(isJson ? Json(letter, line.GetValue(Raw)) : Row(letter, line.GetValue(Raw)));
            if (!isJson && letters.Count == line.GetValue(limit))
                Console.Out.WriteLine($"There may be more: --after {letters[^1].Letter.Number}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var number = new Argument<long>("number") { Description = "As 'dead list' shows it.", HelpName = "N" };
        Command command = new Command("show", "One dead letter with its record.") { number, Data, Raw }.WithExample("streaminsight dead show 17 --data data --raw");
        command.SetAction(line =>
        {
            long wanted = line.GetValue(number);
            StoredDeadLetter? letter = Read(line, new DeadLetterFilter { After = wanted - 1, Max = 1 }).FirstOrDefault(letter => letter.Letter.Number == wanted);
            if (letter is null)
                throw new WrongInputException($"There is no dead letter {wanted} (any more). 'streaminsight dead list' shows those that are kept.");
            Console.Out.WriteLine($"number      {letter.Letter.Number}");
            Console.Out.WriteLine($"taken in at {Instant(letter.Letter.RecordTimeMs)}");
            Console.Out.WriteLine($"position    {letter.Letter.Position}");
            Console.Out.WriteLine($"reason      {letter.Letter.Reason.Reason()}");
            Console.Out.WriteLine($"put back as {(letter.RequeuedAs > 0 ? $"log/{letter.RequeuedAs}" : "-")}");
            Console.Out.WriteLine(Record(letter, line.GetValue(Raw)));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Requeue()
    {
        var numbers = new Argument<long[]>("numbers") { Description = "As 'dead list' shows them.", HelpName = "N", Arity = ArgumentArity.ZeroOrMore };
        var url = ServiceClient.UrlOption("The running service of this data folder; without it the service has to be stopped.");
        var key = new Option<string>("--key") { Description = "The service's admin key; or set STREAMINSIGHT_KEY.", HelpName = "KEY" };
        Command command = new Command("requeue", "Puts records back to the front door (the embedded log), each once: by number, or all of a reason.") { numbers, Data, Reason, Since, Until, url, key }.WithExample(
            "streaminsight dead requeue 17 18 --data data",
            "streaminsight dead requeue --reason stopped --data data --url http://127.0.0.1:8080");
        command.Validators.Add(line =>
        {
            if (line.GetValue(numbers) is not { Length: > 0 } == line.GetValue(Reason) is null)
                line.AddError("Say which: numbers, or --reason (with --since and --until if you like), not both.");
        });
        command.SetAction(async (line, cancel) =>
        {
            long[] wanted = line.GetValue(numbers) is { Length: > 0 } given
                ? given
                : [.. Read(line, Filter(line) with { OnlyOpen = true, Max = MaxAtOnce }).Select(letter => letter.Letter.Number)];
            long[] records = wanted.Length == 0 ? [] : line.GetValue(url) is { } service
                ? await ServiceClient.RequeueAsync(service, line.GetValue(key), wanted, cancel)
                : await RequeueStoppedAsync(line.GetValue(Data)!, wanted);
            int done = records.Count(record => record > 0);
            Console.Out.WriteLine($"{done} put back{(done < wanted.Length ? $", {wanted.Length - done} not: put back before, or not kept any more" : "")}.{(wanted.Length == MaxAtOnce ? " There may be more: say it again." : "")}");
            return done < wanted.Length && done == 0 ? ExitCode.WrongInput : ExitCode.Done;
        });
        return command;
    }

    private static async Task<long[]> RequeueStoppedAsync(string folder, long[] numbers)
    {
        using (SqliteFile there = SqliteFile.OpenReadOnly(folder))
        {
            // Looked for first: opening for writing would make a new folder.
        }
        using SqliteFile file = OpenStopped(folder);
        await using var log = new SqliteLog(file, new SqliteLogOptions { MaxWaiting = MaxAtOnce }, TimeProvider.System);
        return await Task.WhenAll(numbers.Select(number => log.RequeueAsync(number).AsTask()));
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

    private static IReadOnlyList<StoredDeadLetter> Read(ParseResult line, DeadLetterFilter filter)
    {
        using SqliteFile file = SqliteFile.OpenReadOnly(line.GetValue(Data)!);
        using var store = new SqliteStateStore(file);
        using var queries = new SqliteQueries(file, store);
        return queries.ReadDeadLetters(filter);
    }

    private static string Row(StoredDeadLetter letter, bool raw) =>
        $"{letter.Letter.Number,10}  {Instant(letter.Letter.RecordTimeMs),-24}  {letter.Letter.Reason.Reason(),-13}  {(letter.RequeuedAs > 0 ? letter.RequeuedAs.ToString(CultureInfo.InvariantCulture) : "-"),11}  {letter.Letter.Position,-28}  {Short(Record(letter, raw))}";

    private static string Json(StoredDeadLetter letter, bool raw)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("number", letter.Letter.Number);
            json.WriteString("position", letter.Letter.Position.ToString());
            json.WriteString("reason", letter.Letter.Reason.Reason());
            if (letter.Letter.RecordTimeMs != SourceRecord.TimeInMessage)
                json.WriteString("taken_in_at", Instant(letter.Letter.RecordTimeMs));
            if (letter.RequeuedAs > 0)
                json.WriteNumber("put_back_as", letter.RequeuedAs);
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

    private static string Record(StoredDeadLetter letter, bool raw) => raw ? Printable(Encoding.UTF8.GetString(letter.Letter.Record.Span)) : MaskedRecord.Of(letter.Letter.Record.Span);

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
