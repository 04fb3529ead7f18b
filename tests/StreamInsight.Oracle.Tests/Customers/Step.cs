using StreamInsight.Oracle.Decisions;
using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;
using StreamInsight.Oracle.Records;

namespace StreamInsight.Oracle.Customers;

/// <summary>One step of a customer: "Evaluate" of section 2, with sections 6, 7 and 9.</summary>
public sealed class Step
{
    private readonly Model model;
    private readonly QueueBoard queues;
    private readonly Customer customer;
    private readonly long now;
    private readonly string cause;
    private readonly CustomerScope scope;
    private readonly HashSet<string> visited;
    private readonly HashSet<string> membersBefore;
    private readonly List<Fact> facts;

    private Step(Model model, QueueBoard queues, Customer customer, long now, Message? message, string cause, Before before, List<Fact> facts)
    {
        this.model = model;
        this.queues = queues;
        this.customer = customer;
        this.now = now;
        this.cause = cause;
        this.facts = facts;
        scope = new CustomerScope(model, customer, queues, now, message, message is null ? 0 : Math.Min(message.TimestampMs, now));
        visited = [before.Stage, customer.Stage];
        membersBefore = before.Members;
    }

    /// <summary>What the customer's facts have told so far: its own stage and memberships, before anything was adopted.</summary>
    public sealed record Before(string Stage, HashSet<string> Members)
    {
        public static Before Of(Customer customer) => new(customer.Stage, [.. customer.Members.Keys]);
    }

    /// <summary>An accepted record.</summary>
    public static void OnEvent(Model model, QueueBoard queues, Customer customer, Message message, List<Fact> facts)
    {
        customer.Closed.Clear();
        new Step(model, queues, customer, customer.ClockMs, message, message.Cause, Before.Of(customer), facts).Run([]);
    }

    /// <summary>True if anything turned or a hold began, so that other instants matter now.</summary>
    public static bool OnTimer(Model model, QueueBoard queues, Customer customer, long due, List<Fact> facts) =>
        new Step(model, queues, customer, due, null, "timer", Before.Of(customer), facts).Run([]);

    /// <summary>The customer has taken another's state; <paramref name="before"/> is what it was itself.</summary>
    public static void OnMerge(Model model, QueueBoard queues, Customer customer, string from, Before before, List<Fact> facts)
    {
        customer.Closed.Clear();
        List<(string, List<(string, object?)>)> first = [("merged", [("from", from)])];
        if (before.Stage != customer.Stage) first.Add(("stage_changed", [("from", before.Stage), ("to", customer.Stage)]));
        new Step(model, queues, customer, customer.ClockMs, null, "merge", before, facts).Run(first);
    }

    private bool Run(List<(string Kind, List<(string, object?)> Fields)> told)
    {
        var holds = customer.HoldsSince.ToList();
        bool turned, ever = false;
        do
        {
            turned = false;
            while (NextTransition() is { } t)
            {
                told.Add(("stage_changed", [("from", customer.Stage), ("to", t.To)]));
                Move(t.To);
                turned = true;
            }
            foreach (var s in InDependencyOrder(model.Segments)) turned |= Turn(s);
            ever |= turned;
        }
        while (turned);
        customer.Closed = Open().Where(Holds).ToHashSet();

        foreach (var s in model.Segments)
            if (customer.Members.ContainsKey(s.Name) != membersBefore.Contains(s.Name))
                told.Add((membersBefore.Contains(s.Name) ? "segment_left" : "segment_entered", [("segment", s.Name)]));
        var changed = Decide(ever);
        var written = told.Select(f => Write(f.Kind, f.Fields)).ToList();
        foreach (var fact in written)
            foreach (var trigger in model.Triggers.Where(t => Answers(t, fact)))
                Write("trigger", [("trigger", trigger.Name), ("on", fact.Seq), ("with", trigger.With.Select(p => (p, ValueOrNull(p))).ToList())]);
        if (changed.Actions) Write("actions_changed", [("actions", scope.Read(["actions"]))]);
        if (changed.Routing) Write("routing_changed", [("routing", scope.Read(["routing"]))]);
        return ever || customer.HoldsSince.Except(holds).Any();
    }

    /// <summary>
    /// Actions and routing anew. A timer step is one only if something turned by itself: what queues tell wakes nobody, so at other
    /// instants they stand as the last step saw them.
    /// </summary>
    private (bool Actions, bool Routing) Decide(bool turned)
    {
        if (model.Actions.Count == 0 && model.Routing is null) return (false, false);
        var fresh = scope.Seen;
        if (cause == "timer" && !turned)
        {
            scope.Seen = customer.QueuesSeen;
            var (actions, routing) = Stand();
            scope.Seen = fresh;
            if (IsTold(actions) && (routing?.SaysTheSame(customer.ToldRouting) ?? true)) return (false, false);
        }
        customer.QueuesSeen = fresh;
        var (best, record) = Stand();
        var changed = (Actions: !IsTold(best), Routing: record is not null && !record.SaysTheSame(customer.ToldRouting));
        if (changed.Actions) customer.Told = best;
        if (changed.Routing) customer.ToldRouting = record;
        return changed;
    }

    private (List<Ranked> Actions, RoutingRecord? Routing) Stand() =>
        (new Ranking(model, customer, scope, now).Best(), model.Routing is { } routing ? RoutingRecord.Of(routing, scope, now) : null);

    private bool IsTold(List<Ranked> actions) => actions.Count == customer.Told.Count && actions.Zip(customer.Told).All(a => a.First.SaysTheSame(a.Second));

    private IEnumerable<Transition> Open() => model.Journey?.Transitions.Where(t => t.From == "*" || t.From == customer.Stage) ?? [];

    private Transition? NextTransition() => Open().FirstOrDefault(t => !visited.Contains(t.To) && !customer.Closed.Contains(t) && Holds(t));

    private bool Holds(Transition t) => now - customer.EnteredAtMs >= t.DwellMs && (t.When is null || scope.Holds(t.When));

    private void Move(string to)
    {
        customer.Previous = customer.Stage;
        customer.Stage = to;
        customer.EnteredAtMs = now;
        customer.Entries[to] = customer.Entries.GetValueOrDefault(to) + 1;
        visited.Add(to);
    }

    private bool Turn(Segment s)
    {
        var when = scope.Holds(s.When);
        var exit = s.Exit is null ? !when : scope.Holds(s.Exit);
        if (customer.Members.TryGetValue(s.Name, out var since))
        {
            if (!exit || now < since + s.MinStayMs) return false;
            customer.HoldsSince.Remove(s.Name);
            return customer.Members.Remove(s.Name);
        }
        if (!when || exit)
        {
            customer.HoldsSince.Remove(s.Name);
            return false;
        }
        customer.HoldsSince.TryAdd(s.Name, now);
        if (now < customer.HoldsSince[s.Name] + s.ForMs) return false;
        customer.Members[s.Name] = now;
        customer.HoldsSince.Remove(s.Name);
        return true;
    }

    /// <summary>A segment after those it reads; otherwise as written.</summary>
    public static IEnumerable<Segment> InDependencyOrder(List<Segment> segments)
    {
        var left = segments.ToList();
        while (left.Count > 0)
        {
            var next = left.First(s => !left.Any(other => other != s && Reads(s, other.Name)));
            left.Remove(next);
            yield return next;
        }
    }

    private static bool Reads(Segment s, string other) => new[] { s.When, s.Exit }.Any(c => c is not null
        && c.All().Any(n => n is Cel.Member { Of: Cel.Name { Text: "segments" } } m && m.Field == other));

    private static bool Answers(Trigger t, Fact fact) => (t.On, fact.Kind) switch
    {
        ("entered", "segment_entered") or ("left", "segment_left") => t.Target is "*" || t.Target == (string?)fact.Fields[0].Value,
        ("stage", "stage_changed") => t.Target is "*" || t.Target == (string?)fact.Fields[1].Value,
        _ => false,
    };

    private object? ValueOrNull(string path) => scope.Value(CelParser.Parse(path)) is var value and not CelError ? value : null;

    private Fact Write(string kind, List<(string, object?)> fields)
    {
        var fact = new Fact(customer.Id, customer.BornMs, ++customer.Seq, now, kind, cause, fields);
        facts.Add(fact);
        return fact;
    }
}
