namespace StreamInsight.Server.Demo;

/// <summary>
/// An offer is shown and accepted, declined or ignored. How likely each is depends on who is asked for what, and shifts over the year (television is for winter),
/// so a score has something to learn and to learn again.
/// </summary>
internal sealed class OfferTalk(Timeline timeline)
{
    private static readonly (string Action, double Value)[] ToCustomers = [("upgrade", 120), ("tv_bundle", 90), ("complete_profile", 2)];

    /// <summary>On a web page or in the app, now and then.</summary>
    public void OnScreen(SimulatedCustomer who, long atMs, string channel)
    {
        if (!who.Chance.Of(0.16))
            return;
        if (who.Persona == Persona.NewVisitor || who.Visits < 4)
            Show(who, atMs, channel, "welcome", 45);
        else
        {
            var (action, value) = who.Chance.OneOf(ToCustomers);
            Show(who, atMs, channel, action, value);
        }
    }

    /// <summary>By an agent, at the end of a call.</summary>
    public void OnThePhone(SimulatedCustomer who, long atMs, string reason)
    {
        if (who.Mood < 4.5 && who.Chance.Of(0.5))
            Show(who, atMs, "voice", "retention", 200);
        else if (reason is "tariff" or "advice" && who.Chance.Of(0.5))
            Show(who, atMs, "voice", "upgrade", 120);
    }

    private void Show(SimulatedCustomer who, long atMs, string channel, string action, double value)
    {
        var chance = who.Chance;
        timeline.Track(who, atMs, channel, "Action Shown", new Property("action", action), new Property("channel", channel));
        var accepts = Accepts(who, atMs, action);
        if (chance.Of(accepts))
        {
            who.Cheer(action == "retention" ? 2.5 : 0.2);
            timeline.Track(who, atMs + chance.Between(8 * Spans.Second, 90 * Spans.Second), channel, "Offer Accepted",
                new Property("action", action), new Property("channel", channel), new Property("value", Math.Round(value * chance.Between(0.7, 1.3), 2)));
        }
        else if (chance.Of(0.45))
            timeline.Track(who, atMs + chance.Between(3 * Spans.Second, 40 * Spans.Second), channel, "Offer Declined",
                new Property("action", action), new Property("channel", channel));
    }

    private static double Accepts(SimulatedCustomer who, long atMs, string action)
    {
        var dayOfYear = atMs / Spans.Day % 365;
        var isWinter = dayOfYear is < 75 or > 300;
        var margin = action switch
        {
            "upgrade" => -2.6 + (who.Persona == Persona.LoyalBuyer ? 1.4 : 0) + (0.25 * (who.Mood - 6)),
            "tv_bundle" => -3.0 + (isWinter ? 1.3 : -0.4) + (who.Persona == Persona.BargainHunter ? (isWinter ? 0.9 : -0.3) : 0) + (who.Persona == Persona.StoreRegular ? 0.5 : 0),
            "retention" => -0.8 + (who.Persona == Persona.FrustratedCaller ? 0.9 : 0) - (who.Mood < 1.5 ? 1.2 : 0),
            "welcome" => -2.4 + (0.12 * Math.Min(who.Visits, 8)),
            _ => -1.2,
        };
        return 1 / (1 + Math.Exp(-margin));
    }
}
