using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;

namespace StreamInsight.Oracle.Customers;

/// <summary>
/// The instants at which a timer step is tried. Either every millisecond, or every sum of a time the customer's state knows and a
/// duration the model knows, and the millisecond after: far more than needed, and nothing clever about it.
/// </summary>
public sealed class Instants
{
    private const long QuarterHour = 15 * 60_000;

    private readonly Model model;
    private readonly bool everyMillisecond;
    private readonly bool calendar;
    private readonly List<long> durations;
    private readonly List<long> constants;

    public Instants(Model model, bool everyMillisecond)
    {
        this.model = model;
        this.everyMillisecond = everyMillisecond;
        var nodes = model.Conditions().SelectMany(c => c.All()).ToList();
        // Quiet hours begin and end, and lots are drawn, at quarters of an hour in any zone.
        calendar = model.Policy.Quiet is not null || model.Arbitration.Explore > 0 || nodes.OfType<Cel.Call>().Any(c => c.Function.StartsWith("get", StringComparison.Ordinal));
        var texts = nodes.OfType<Cel.Call>().Where(c => c.Arguments is [Cel.Literal { Value: string }])
            .Select(c => (c.Function, Text: (string)((Cel.Literal)c.Arguments[0]).Value!)).ToList();
        constants = texts.Where(t => t.Function == "timestamp").Select(t => Times.Parse(t.Text)).OfType<long>().ToList();
        var literals = texts.Where(t => t.Function == "duration").Select(t => Durations.Parse(t.Text)).OfType<long>().SelectMany(d => new[] { d, -d }).Append(0).Distinct().ToList();
        durations =
        [
            // A derived feature of a derived feature adds up to three of them.
            .. literals.SelectMany(a => literals.SelectMany(b => literals.Select(c => a + b + c))),
            .. model.Features.SelectMany(f => new[] { f.OffsetMs, f.OffsetMs + f.WindowMs ?? 0 }),
            .. model.Journey?.Transitions.Select(t => t.DwellMs) ?? [],
            .. model.Segments.SelectMany(s => new[] { s.ForMs, s.MinStayMs }),
            .. model.Policy.Caps.Select(c => c.WindowMs),
            model.Policy.ReserveMs,
        ];
        durations = durations.Distinct().ToList();
    }

    /// <summary>In order, after <paramref name="after"/> and up to <paramref name="upTo"/>; as the customer stands now.</summary>
    public IEnumerable<long> Of(Customer customer, long after, long upTo)
    {
        if (everyMillisecond)
        {
            for (var ms = after + 1; ms <= upTo; ms++) yield return ms;
            yield break;
        }
        var found = new SortedSet<long>();
        void Try(long ms)
        {
            if (ms > after && ms <= upTo) found.Add(ms);
        }
        // The event of the last step is gone.
        Try(after + 1);
        foreach (var known in Known(customer).Distinct())
            foreach (var d in durations)
            {
                Try(known + d);
                Try(known + d + 1);
            }
        foreach (var f in model.Features.Where(f => f.WindowMs is not null))
            foreach (var t in customer.Histories[f.Name].Instants)
                Try((Features.History.Floor(t, customer.Histories[f.Name].TileMs) + 1) * customer.Histories[f.Name].TileMs + f.WindowMs!.Value);
        if (calendar)
            for (var ms = (Features.History.Floor(after, QuarterHour) + 1) * QuarterHour; ms <= upTo; ms += QuarterHour) Try(ms);
        foreach (var ms in found) yield return ms;
    }

    private IEnumerable<long> Known(Customer customer) =>
    [
        customer.BornMs,
        customer.EnteredAtMs,
        .. constants,
        .. customer.Members.Values,
        .. customer.HoldsSince.Values,
        .. customer.Contacts.SelectMany(c => new[] { c.ReservedMs, c.ShownMs }).OfType<long>(),
        .. customer.PausedUntilMs.Values,
        .. customer.Traits.Values.OfType<Instant>().Select(t => t.Ms),
        .. customer.Histories.Values.SelectMany(h => h.Instants),
        .. customer.Histories.Values.SelectMany(h => h.Everything).Select(e => e.Value).OfType<Instant>().Select(t => t.Ms),
    ];
}
