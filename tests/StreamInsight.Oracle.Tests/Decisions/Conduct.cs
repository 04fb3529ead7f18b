using StreamInsight.Oracle.Customers;
using StreamInsight.Oracle.Models;
using StreamInsight.Oracle.Records;

namespace StreamInsight.Oracle.Decisions;

/// <summary>What the built-in messages do to a customer: contacts, declines, decisions asked for.</summary>
public sealed class Conduct(Model model, QueueBoard queues)
{
    private const long MonthMs = 30 * 86_400_000L;

    /// <summary>The built-in messages with the properties they know.</summary>
    public static readonly Dictionary<string, Dictionary<string, string>> Known = new()
    {
        ["Action Shown"] = new() { ["action"] = "string", ["channel"] = "string", ["decision"] = "string" },
        ["Action Sent"] = new() { ["action"] = "string", ["channel"] = "string", ["decision"] = "string" },
        ["Offer Accepted"] = new() { ["action"] = "string", ["channel"] = "string", ["decision"] = "string", ["value"] = "double" },
        ["Offer Declined"] = new() { ["action"] = "string", ["channel"] = "string", ["decision"] = "string", ["value"] = "double" },
        ["Decision Requested"] = new() { ["channel"] = "string", ["decision"] = "string", ["top"] = "int" },
        ["Queue Updated"] = new() { ["queue"] = "string", ["waiting"] = "int", ["longest_wait"] = "double", ["service_level"] = "double", ["agents_free"] = "int" },
    };

    /// <summary>An outcome or a contact of a decision that was never made for this customer, or too long ago.</summary>
    public bool IsUnknown(Customer customer, Message message)
    {
        if (message.BuiltIn is not ("Action Shown" or "Action Sent" or "Offer Accepted" or "Offer Declined") || Text(message, "decision") is not { } decision) return false;
        var keptMs = model.Policy.Caps.Select(c => c.WindowMs).Append(MonthMs).Max();
        return !customer.Contacts.Any(c => c.Decision == decision && customer.ClockMs - (c.ShownMs ?? c.ReservedMs!.Value) < keptMs);
    }

    public void Observe(Customer customer, Message message, long t)
    {
        switch (message.BuiltIn)
        {
            case "Action Shown" or "Action Sent": Show(customer, message, t); break;
            case "Offer Declined": Decline(customer, message, t); break;
            case "Decision Requested": Decide(customer, message); break;
        }
    }

    private void Show(Customer customer, Message message, long t)
    {
        if (Action(message) is not { } action) return;
        var channel = Channel(message);
        var decision = Text(message, "decision");
        var reserved = decision is null
            ? customer.Contacts.FindAll(c => c.Action == action && (channel is null || c.Channel == channel) && c.IsOpen(t, model.Policy.ReserveMs)).MinBy(c => c.ReservedMs)
            : customer.Contacts.Find(c => c.Decision == decision);
        if (reserved is { ShownMs: not null }) return;
        if (reserved is not null) customer.Contacts.Remove(reserved);
        customer.Contacts.Add(new Contact(decision ?? reserved?.Decision, action, channel ?? reserved?.Channel, reserved?.ReservedMs, t));
    }

    private void Decline(Customer customer, Message message, long t)
    {
        if (Action(message) is not { } action) return;
        customer.Declines.TryAdd(action, []);
        customer.Declines[action].Add(t);
        Pause(customer);
    }

    /// <summary>The newest declines of an action, near enough to one another, pause it; a longer pause stays.</summary>
    public void Pause(Customer customer)
    {
        if (model.Policy.Reject is not { } reject) return;
        foreach (var (action, times) in customer.Declines)
        {
            var newest = times.Order().TakeLast(reject.After).ToList();
            if (newest.Count < reject.After || newest[^1] - newest[0] >= reject.WithinMs) continue;
            customer.PausedUntilMs[action] = Math.Max(customer.PausedUntilMs.GetValueOrDefault(action, long.MinValue), newest[^1] + reject.PauseMs);
        }
    }

    private void Decide(Customer customer, Message message)
    {
        if (Channel(message) is not { } channel) return;
        var scope = new CustomerScope(model, customer, queues, customer.ClockMs, null, 0);
        if (new Ranking(model, customer, scope, customer.ClockMs).Best(channel) is not [var first, ..]) return;
        customer.Contacts.Add(new Contact(Text(message, "decision") ?? message.Cause, first.Action.Name, channel, customer.ClockMs, null));
    }

    private string? Action(Message message) => Text(message, "action") is { } name && model.Actions.Exists(a => a.Name == name) ? name : null;

    /// <summary>One that an action has; null for none, or any other.</summary>
    private string? Channel(Message message) =>
        (Text(message, "channel") ?? message.Channel) is { } name && model.Actions.Exists(a => a.Channels.Contains(name)) ? name : null;

    private static string? Text(Message message, string property) => message.Properties.GetValueOrDefault(property) as string;
}
