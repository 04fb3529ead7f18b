namespace StreamInsight.Server.Demo;

/// <summary>
/// Someone nobody knows yet: browses under an anonymous id, and one day signs up (identify with both ids, which merges), or orders as a guest first and opens an
/// account days later (alias), or is never seen again.
/// </summary>
internal sealed class Newcomer(Timeline timeline, Action<long, Action<long>> at)
{
    private const double SignsUp = 0.18;
    private const double AsGuestFirst = 0.3;

    private int _visitors;
    private int _guests;

    public SimulatedCustomer Arrive(Chance chance, long atMs) =>
        new(chance, Persona.NewVisitor, atMs) { AnonymousId = "visitor-" + ++_visitors };

    /// <summary>At the end of a visit: true if it is a customer from now on, the <paramref name="index"/>th.</summary>
    public bool Decides(SimulatedCustomer who, long visitMs, int index)
    {
        if (who.Visits < 2 || !who.Chance.Of(SignsUp))
            return false;
        var anonymousId = who.AnonymousId;
        var signsUpMs = visitMs + who.Chance.Between(20 * Spans.Minute, 40 * Spans.Minute);
        who.BornMs = signsUpMs;
        who.Persona = who.Chance.Of(0.5) ? Persona.LoyalBuyer : who.Chance.OneOf(Persona.Known);
        who.Mood = who.Persona.Mood;
        who.AnonymousId = null;

        if (who.Chance.Of(AsGuestFirst))
            BuyAsGuest(who, signsUpMs, index);
        else
        {
            Welcome.Name(who, index);
            who.AnonymousId = anonymousId;
            Welcome.Introduce(timeline, who, signsUpMs);
            who.AnonymousId = null;
        }
        return true;
    }

    private void BuyAsGuest(SimulatedCustomer who, long atMs, int index)
    {
        var guestId = "guest-" + ++_guests;
        who.UserId = guestId;
        timeline.Track(who, atMs, "web", "Order Completed", new Property("total", 39.0 + _guests % 60), new Property("category", "accessories"));
        at(atMs + who.Chance.Between(Spans.Day, 6 * Spans.Day), later =>
        {
            Welcome.Name(who, index);
            Welcome.Introduce(timeline, who, later);
            timeline.Alias(who, later + Spans.Second, guestId);
        });
    }
}
