using StreamInsight.Oracle.Decisions;
using StreamInsight.Oracle.Features;
using StreamInsight.Oracle.Models;

namespace StreamInsight.Oracle.Customers;

/// <summary>All that is known of one customer.</summary>
public sealed class Customer
{
    public Customer(Model model, string id, long nowMs)
    {
        Id = id;
        ClockMs = BornMs = EnteredAtMs = nowMs;
        Stage = model.Journey?.Initial ?? "";
        Entries[Stage] = 1;
        foreach (var f in model.Features) Histories[f.Name] = new History(f);
    }

    public string Id { get; }

    public long ClockMs { get; set; }

    public long BornMs { get; set; }

    public long Seq { get; set; }

    /// <summary>By feature, derived ones included (they observe nothing).</summary>
    public Dictionary<string, History> Histories { get; } = [];

    /// <summary>By trait; those of a group as <c>group.x</c>.</summary>
    public Dictionary<string, object> Traits { get; } = [];

    public string Stage { get; set; }

    public string? Previous { get; set; }

    public long EnteredAtMs { get; set; }

    public Dictionary<string, long> Entries { get; } = [];

    /// <summary>Transitions that held at the end of the last step.</summary>
    public HashSet<Transition> Closed { get; set; } = [];

    /// <summary>Time of entry by segment, for those the customer is in.</summary>
    public Dictionary<string, long> Members { get; set; } = [];

    /// <summary>Since when a segment's condition has held, for segments with <c>for</c>.</summary>
    public Dictionary<string, long> HoldsSince { get; } = [];

    /// <summary>Accepted messageIds with the clock at acceptance, oldest first.</summary>
    public List<(string Id, long ClockMs)> Accepted { get; set; } = [];

    /// <summary>Reservations and contacts, in order of arrival; none is ever dropped.</summary>
    public List<Contact> Contacts { get; set; } = [];

    /// <summary>Times of declines by action, in order.</summary>
    public Dictionary<string, List<long>> Declines { get; } = [];

    public Dictionary<string, long> PausedUntilMs { get; } = [];

    /// <summary>What the last actions_changed told.</summary>
    public List<Ranked> Told { get; set; } = [];

    /// <summary>What the last routing_changed told; null before the first.</summary>
    public RoutingRecord? ToldRouting { get; set; }

    /// <summary>What the last step knew of the queues.</summary>
    public Seen QueuesSeen { get; set; }
}
