using System.Globalization;
using System.Text.RegularExpressions;
using StreamInsight.Oracle.Customers;
using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;
using StreamInsight.Oracle.Output;
using Calendar = StreamInsight.Oracle.Language.Calendar;

namespace StreamInsight.Oracle.Decisions;

/// <summary>An action that passed every gate, with the channels left open.</summary>
public sealed record Ranked(CustomerAction Action, List<string> Channels, bool Explored)
{
    public bool SaysTheSame(Ranked other) => Action.Name == other.Action.Name && Channels.SequenceEqual(other.Channels);
}

/// <summary>The gates and the order of a customer's actions at <paramref name="now"/>.</summary>
public sealed partial class Ranking(Model model, Customer customer, CustomerScope scope, long now)
{
    [GeneratedRegex(@"\$\{([^}|]*)(?:\|([^}]*))?\}")]
    private static partial Regex Placeholder();

    /// <summary>Best first; for all channels, or for one.</summary>
    public List<Ranked> Best(string? only = null)
    {
        var ranked = model.Actions
            .Select(a => (Action: a, Channels: Open(a, only)))
            .Where(a => a.Channels.Count > 0 && Score(a.Action) is not null)
            .OrderByDescending(a => Score(a.Action)).ThenBy(a => LastShown(a.Action)).ThenBy(a => a.Action.Name, StringComparer.Ordinal)
            .Select(a => new Ranked(a.Action, a.Channels, false)).ToList();
        var day = Features.History.Floor(now, 86_400_000).ToString(CultureInfo.InvariantCulture);
        if (ranked.Count > 1 && Draw.Of("explore", day, customer.Id) < model.Arbitration.Explore)
        {
            var at = (int)Math.Floor(Draw.Of("explored", day, customer.Id) * ranked.Count);
            var drawn = ranked[at] with { Explored = true };
            ranked.RemoveAt(at);
            ranked.Insert(0, drawn);
        }
        return ranked.Take(model.Arbitration.Top).ToList();
    }

    /// <summary>The ranking as told, with scores and texts of now; 0 for an action that a gate removes now.</summary>
    public List<object?> Told() => customer.Told.Select(r => (object?)new List<(string Name, object? Value)>
    {
        ("action", r.Action.Name), ("channels", r.Channels.ToList<object?>()), ("score", Open(r.Action, null).Count > 0 ? Score(r.Action) ?? 0 : 0), ("explored", r.Explored), ("content", Content(r.Action)),
    }).ToList();

    private List<string> Open(CustomerAction action, string? only)
    {
        if (!scope.Holds(action.Eligible)) return [];
        if (action.Purpose is { } purpose && model.Policy.Consent is { } consent && consent.TryGetValue(purpose, out var given) && !scope.Holds(given)) return [];
        if (action.IsCommercial && Draw.Of("holdout", model.Policy.HoldoutSalt, customer.Id) < model.Policy.HoldoutShare) return [];
        if (action.IsCommercial && now < customer.PausedUntilMs.GetValueOrDefault(action.Name, long.MinValue)) return [];
        if (IsBusy(action)) return [];
        return action.Channels.Where(c => (only is null || c == only) && HasConsent(c) && !(action.IsCommercial && IsCapped(action, c)) && !IsQuiet(c)).ToList();
    }

    private bool HasConsent(string channel) => model.Policy.Consent is not { } consent || (consent.TryGetValue(channel, out var given) && scope.Holds(given));

    private bool IsCapped(CustomerAction action, string channel) => model.Policy.Caps.Any(cap =>
        (cap.Channel is null || cap.Channel == channel) && (cap.Topic is null || cap.Topic == action.Topic) && customer.Contacts.Count(c => Counts(c, cap)) >= cap.Max);

    private bool Counts(Contact contact, Cap cap)
    {
        var action = model.Actions.First(a => a.Name == contact.Action);
        if (!action.IsCommercial || (cap.Channel is not null && cap.Channel != contact.Channel) || (cap.Topic is not null && cap.Topic != action.Topic)) return false;
        return contact.ShownMs is { } t ? now - cap.WindowMs < t && t <= now : contact.IsOpen(now, model.Policy.ReserveMs);
    }

    private bool IsQuiet(string channel)
    {
        if (model.Policy.Quiet is not { } quiet || quiet.Channels?.Contains(channel) == false) return false;
        var zone = quiet.Zone is { } written ? scope.Value(written) as string : model.Zone;
        if (zone is null || Minute(zone) is null)
        {
            if (quiet.UnknownZone is "hold" or "send") return quiet.UnknownZone == "hold";
            zone = quiet.UnknownZone;
        }
        var minute = Minute(zone);
        return quiet.From < quiet.To ? quiet.From <= minute && minute < quiet.To : quiet.From <= minute || minute < quiet.To;
    }

    /// <summary>Minutes since midnight on the wall clock; null where the zone does not exist.</summary>
    private long? Minute(string zone) => Calendar.Part("getHours", now, zone) is long hours ? hours * 60 + (long)Calendar.Part("getMinutes", now, zone) : null;

    private bool IsBusy(CustomerAction action) => action.Queue is { } queue && model.Queues.Find(q => q.Name == queue)?.Target is { } target
        && scope.Read(["queues", queue, "service_level"]) is double level && level < target;

    private double? Score(CustomerAction a)
    {
        var to = model.Arbitration;
        var powers = new[] { (a.Propensity, to.A), (a.Context, to.B), (a.Value, to.C), (a.Lever, to.D) }.Select(f => Power(f.Item1, f.Item2)).ToList();
        return powers.Aggregate((double?)1, (product, power) => product * power) is { } score && double.IsFinite(score) ? score : null;
    }

    private double? Power(Cel? factor, double exponent) =>
        factor is null ? 1 : scope.Number(factor) is { } x && double.IsFinite(x) && x >= 0 ? Math.Pow(x, exponent) : null;

    private long LastShown(CustomerAction action) => customer.Contacts.Where(c => c.Action == action.Name).Max(c => c.ShownMs) ?? long.MinValue;

    /// <summary>A text in which a value is missing that has no fallback is left out.</summary>
    private List<(string Name, object? Value)> Content(CustomerAction action) =>
        action.Content.Select(c => (c.Key, (object?)Text(c.Value))).Where(c => c.Item2 is not null).ToList();

    private string? Text(string template)
    {
        var holes = false;
        var text = Placeholder().Replace(template, m =>
        {
            var value = scope.Value(CelParser.Parse(m.Groups[1].Value));
            if (value is not (null or CelError)) return value as string ?? JsonText.Of(value).Trim('"');
            holes |= !m.Groups[2].Success;
            return m.Groups[2].Value;
        });
        return holes ? null : text;
    }
}
