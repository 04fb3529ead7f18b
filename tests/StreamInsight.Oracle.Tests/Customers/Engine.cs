using StreamInsight.Oracle.Decisions;
using StreamInsight.Oracle.Features;
using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;
using StreamInsight.Oracle.Records;

namespace StreamInsight.Oracle.Customers;

/// <summary>One customer's life: clock, timers, records (section 2), and the merge step (section 8).</summary>
public sealed class Engine(Model model, QueueBoard queues, Instants instants)
{
    private readonly Conduct conduct = new(model, queues);

    /// <summary>Steps 1 and 2: the clock moves, and what is due on the way fires.</summary>
    public void Advance(Customer customer, long toMs, List<Fact> facts)
    {
        var after = customer.ClockMs;
        var end = Math.Max(after, toMs);
        while (true)
        {
            var turned = false;
            foreach (var due in instants.Of(customer, after, end))
            {
                customer.ClockMs = after = due;
                if (turned = Step.OnTimer(model, queues, customer, due, facts)) break;
            }
            if (!turned) break;
        }
        customer.ClockMs = end;
    }

    /// <summary>Steps 3 to 6 for a customer whose clock has moved; the reason where it is refused.</summary>
    public string? Apply(Customer customer, Message message, List<Fact> facts)
    {
        var c = customer.ClockMs;
        var t = Math.Min(message.TimestampMs, c);
        if (c - t > model.LatenessMs) return "late";
        if (conduct.IsUnknown(customer, message)) return "unknown_decision";
        if (message.MessageId is { } id)
        {
            if (customer.Accepted.Any(a => a.Id == id && c - a.ClockMs < model.DedupeWindowMs)) return "duplicate";
            customer.Accepted.Add((id, c));
            if (customer.Accepted.Count > model.DedupeMax) customer.Accepted.RemoveAt(0);
        }
        foreach (var (trait, value) in message.Traits) customer.Traits[trait] = value;
        if (message.IsInteraction) Observe(customer, message, t);
        conduct.Observe(customer, message, t);
        Step.OnEvent(model, queues, customer, message, facts);
        return null;
    }

    private void Observe(Customer customer, Message message, long t)
    {
        var scope = new CustomerScope(model, customer, queues, customer.ClockMs, message, t);
        foreach (var f in model.Features)
        {
            if (!f.Events.Contains("*") && (message.Name is null || !f.Events.Contains(message.Name))) continue;
            if (f.Where is not null && !scope.Holds(f.Where)) continue;
            object? value = null;
            if (f.Property is not null && (value = Property(f, message, t)) is null) continue;
            customer.Histories[f.Name].Add(new Entry(t, message.Name, value), customer.ClockMs);
        }
    }

    private static object? Property(Feature f, Message message, long t) => f switch
    {
        { PropertyType: not null } => message.Properties.GetValueOrDefault(f.Property!),
        { Property: "timestamp" } => new Instant(t),
        { Property: "channel" } => message.Channel,
        _ => null,
    };

    /// <summary>
    /// <paramref name="from"/> ends and <paramref name="into"/> takes everything; null where it has no state, then it takes
    /// the other's as its own. Returns the customer that goes on.
    /// </summary>
    public Customer Merge(Customer from, string intoId, Customer? into, long recordMs, List<Fact> facts)
    {
        var c = Math.Max(Math.Max(from.ClockMs, into?.ClockMs ?? long.MinValue), recordMs);
        Advance(from, c, facts);
        if (into is not null) Advance(into, c, facts);
        foreach (var s in model.Segments.Where(s => from.Members.ContainsKey(s.Name)))
            facts.Add(new Fact(from.Id, from.BornMs, ++from.Seq, c, "segment_left", "merge", [("segment", s.Name)]));

        var adopts = into is null;
        into ??= new Customer(model, intoId, c) { BornMs = from.BornMs };
        var before = Step.Before.Of(into);
        into.ClockMs = c;
        into.BornMs = Math.Min(into.BornMs, from.BornMs);
        foreach (var f in model.Features) into.Histories[f.Name].Take(from.Histories[f.Name], c);
        into.Accepted = into.Accepted.Concat(from.Accepted).OrderBy(a => a.ClockMs).TakeLast(model.DedupeMax).ToList();
        foreach (var (trait, value) in from.Traits) into.Traits.TryAdd(trait, value);
        if (adopts) into.Entries.Clear();
        foreach (var (stage, n) in from.Entries) into.Entries[stage] = into.Entries.GetValueOrDefault(stage) + n;
        if (adopts || IsFurther(from, into))
        {
            into.Stage = from.Stage;
            into.Previous = from.Previous;
            into.EnteredAtMs = from.EnteredAtMs;
        }
        foreach (var (s, since) in from.Members) into.Members[s] = Math.Min(since, into.Members.GetValueOrDefault(s, long.MaxValue));
        foreach (var (s, since) in from.HoldsSince) into.HoldsSince[s] = Math.Min(since, into.HoldsSince.GetValueOrDefault(s, long.MaxValue));
        into.Contacts = [.. into.Contacts, .. from.Contacts];
        foreach (var (action, times) in from.Declines) into.Declines[action] = [.. into.Declines.GetValueOrDefault(action) ?? [], .. times];
        foreach (var (action, until) in from.PausedUntilMs) into.PausedUntilMs[action] = Math.Max(until, into.PausedUntilMs.GetValueOrDefault(action, long.MinValue));
        conduct.Pause(into);
        Step.OnMerge(model, queues, into, from.Id, before, facts);
        return into;
    }

    private bool IsFurther(Customer from, Customer into)
    {
        var stages = model.Journey?.Stages ?? [];
        int a = stages.IndexOf(from.Stage), b = stages.IndexOf(into.Stage);
        return a > b || (a == b && from.EnteredAtMs < into.EnteredAtMs);
    }
}
