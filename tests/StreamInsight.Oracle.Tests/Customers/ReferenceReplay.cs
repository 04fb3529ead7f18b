using StreamInsight.Oracle.Decisions;
using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;
using StreamInsight.Oracle.Output;
using StreamInsight.Oracle.Records;

namespace StreamInsight.Oracle.Customers;

/// <summary>What a replay writes, line by line.</summary>
public sealed record ReplayOutput(List<string> Facts, List<string> Profiles, List<string> Dead)
{
    /// <summary>All three files in one, for comparing.</summary>
    public string Text => string.Join('\n', [.. Facts, "-- profiles", .. Profiles, "-- dead", .. Dead]);
}

/// <summary>The whole of <c>streaminsight replay</c>, by brute force.</summary>
public sealed class ReferenceReplay
{
    private readonly Model model;
    private readonly Judge judge;
    private readonly Engine engine;
    private readonly QueueBoard queues;
    private readonly Identities identities = new();
    private readonly Dictionary<string, Customer> customers = [];
    private readonly List<Fact> facts = [];
    private readonly List<string> dead = [];
    private long greatestMs = long.MinValue;

    private ReferenceReplay(Model model, bool everyMillisecond)
    {
        this.model = model;
        judge = new Judge(model);
        queues = new QueueBoard(model);
        engine = new Engine(model, queues, new Instants(model, everyMillisecond));
    }

    /// <param name="yaml">The model.</param>
    /// <param name="lines">The lines of the log, without line ends.</param>
    /// <param name="everyMillisecond">Try a timer step at every millisecond; for logs of a few seconds.</param>
    /// <param name="untilMs">Advance every customer at least to here; null = to the greatest record time.</param>
    public static ReplayOutput Run(string yaml, IEnumerable<byte[]> lines, bool everyMillisecond, long? untilMs = null)
    {
        var replay = new ReferenceReplay(ModelText.Parse(yaml), everyMillisecond);
        foreach (var raw in RecordFile.Read(lines)) replay.Take(raw);
        return replay.Finish(untilMs);
    }

    private void Take(RawMessage raw)
    {
        var (message, reason) = judge.Decode(raw);
        if (message is not null)
        {
            greatestMs = Math.Max(greatestMs, message.RecordMs);
            if (message.BuiltIn == "Queue Updated")
            {
                reason = message.Refused;
                if (reason is null) queues.Take(message);
            }
            else reason = message.Refused is null ? Accept(message) : Refuse(message);
        }
        if (reason is not null) dead.Add(Lines.Dead(raw, reason));
    }

    private string? Accept(Message message)
    {
        if (message is { Type: "identify", UserId: { } user, AnonymousId: { } anonymous }) Link(anonymous, user, message);
        if (message is { Type: "alias", UserId: { } to, PreviousId: { } previous }) Link(previous, to, message);
        var id = identities.Root(message.UserId ?? message.AnonymousId!);
        var isNew = !customers.TryGetValue(id, out var customer);
        customer ??= new Customer(model, id, message.RecordMs);
        engine.Advance(customer, message.RecordMs, facts);
        if (engine.Apply(customer, message, facts) is { } refused) return refused;
        if (isNew) customers.Add(id, customer);
        if (message.UserId is { } known) identities.Know(known);
        return null;
    }

    /// <summary>A decoded message that is refused: its customer's clock moves, nothing else.</summary>
    private string Refuse(Message message)
    {
        if (customers.TryGetValue(identities.Root(message.UserId ?? message.AnonymousId!), out var customer))
            engine.Advance(customer, message.RecordMs, facts);
        return message.Refused!;
    }

    private void Link(string a, string b, Message message)
    {
        if (identities.Link(a, b, message.Type == "alias") is not var (from, into)) return;
        if (!customers.Remove(from, out var ending)) return;
        customers[into] = engine.Merge(ending, into, customers.GetValueOrDefault(into), message.RecordMs, facts);
    }

    private ReplayOutput Finish(long? untilMs)
    {
        foreach (var customer in customers.Values) engine.Advance(customer, untilMs ?? greatestMs, facts);
        return new ReplayOutput(
            facts.OrderBy(f => f.AtMs).ThenBy(f => f.Customer, Comparer<string>.Create(Utf8.Compare)).ThenBy(f => f.Seq)
                .Select(f => Lines.Fact(model, f)).ToList(),
            customers.Values.OrderBy(c => c.Id, Comparer<string>.Create(Utf8.Compare)).Select(c => Lines.Profile(model, c, queues)).ToList(),
            dead);
    }
}
