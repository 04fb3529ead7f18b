using StreamInsight.Decisions;
using StreamInsight.Expressions;
using StreamInsight.Facts;

namespace StreamInsight.Orleans.Wire;

/// <summary>Facts, rankings and routings on their way from another silo.</summary>
internal static class FactCodec
{
    public static void Write(WireWriter to, IReadOnlyCollection<Fact> facts)
    {
        to.Count(facts.Count);
        foreach (Fact fact in facts)
            Write(to, fact);
    }

    public static void Read(ref WireReader from, List<Fact> facts)
    {
        for (int i = from.Count(); i > 0; i--)
            facts.Add(ReadOne(ref from));
    }

    public static void Write(WireWriter to, IReadOnlyCollection<RankedAction> actions)
    {
        to.Count(actions.Count);
        foreach (RankedAction action in actions)
        {
            to.Text(action.Action);
            to.Texts([.. action.Channels]);
            to.Double(action.Score);
            to.Flag(action.IsExplored);
            Write(to, action.Content);
        }
    }

    public static List<RankedAction> ReadActions(ref WireReader from)
    {
        int count = from.Count();
        var actions = new List<RankedAction>(count);
        for (int i = 0; i < count; i++)
            actions.Add(new RankedAction(from.Word(), from.Texts(), from.Double(), from.Flag(), ReadPairs(ref from)));
        return actions;
    }

    public static void Write(WireWriter to, RoutingDecision? routing)
    {
        to.Flag(routing is not null);
        if (routing is null)
            return;
        to.Text(routing.Queue);
        to.Double(routing.Score);
        to.Texts([.. routing.Reasons]);
        to.Text(routing.Agent);
        to.Texts([.. routing.Skills]);
        to.Signed(routing.ValidUntilMs);
    }

    public static RoutingDecision? ReadRouting(ref WireReader from) =>
        from.Flag() ? new RoutingDecision(from.Text(), from.Double(), from.Texts(), from.Text(), from.Texts(), from.Signed()) : null;

    public static void Write(WireWriter to, IReadOnlyCollection<KeyValuePair<string, string>> pairs)
    {
        to.Count(pairs.Count);
        foreach ((string key, string value) in pairs)
        {
            to.Text(key);
            to.Text(value);
        }
    }

    public static List<KeyValuePair<string, string>> ReadPairs(ref WireReader from)
    {
        int count = from.Count();
        var pairs = new List<KeyValuePair<string, string>>(count);
        for (int i = 0; i < count; i++)
            pairs.Add(new(from.Word(), from.Word()));
        return pairs;
    }

    private static void Write(WireWriter to, Fact fact)
    {
        to.Text(fact.Customer);
        to.Signed(fact.Seq);
        to.Signed(fact.AtMs);
        to.Signed(fact.BornMs);
        to.Byte((byte)fact.Kind);
        to.Text(fact.Model);
        to.Text(fact.Cause);
        to.Text(fact.Subject);
        to.Text(fact.From);
        to.Text(fact.To);
        to.Signed(fact.On);
        to.Count(fact.With.Count);
        foreach ((string path, Value value) in fact.With)
        {
            to.Text(path);
            ValueCodec.Write(to, value);
        }
        Write(to, fact.Actions);
        Write(to, fact.Routing);
    }

    private static Fact ReadOne(ref WireReader from) => new()
    {
        // In the order in which they were written.
        Customer = from.Word(),
        Seq = from.Signed(),
        AtMs = from.Signed(),
        BornMs = from.Signed(),
        Kind = (FactKind)from.Byte(),
        Model = from.Word(),
        Cause = from.Word(),
        Subject = from.Text(),
        From = from.Text(),
        To = from.Text(),
        On = from.Signed(),
        With = ReadWith(ref from),
        Actions = ReadActions(ref from),
        Routing = ReadRouting(ref from),
    };

    private static List<KeyValuePair<string, Value>> ReadWith(ref WireReader from)
    {
        int count = from.Count();
        var with = new List<KeyValuePair<string, Value>>(count);
        for (int i = 0; i < count; i++)
        {
            string path = from.Word();
            with.Add(new(path, ValueCodec.Read(ref from)));
        }
        return with;
    }
}
