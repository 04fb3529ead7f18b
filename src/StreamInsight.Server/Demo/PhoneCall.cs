namespace StreamInsight.Server.Demo;

/// <summary>
/// One call to the contact centre and what follows from it: waiting, giving up, an agent, a survey, another call, a complaint, a cancellation.
/// </summary>
internal sealed class PhoneCall(Timeline timeline, Action<long, Action<long>> at, Func<long> failureUntilMs, OfferTalk offers)
{
    public static readonly string[] Reasons = ["billing", "billing", "technical", "technical", "delivery", "tariff"];

    private static readonly string[] Agents =
        ["agent-ana", "agent-bo", "agent-cem", "agent-dora", "agent-emil", "agent-fay", "agent-gus", "agent-hana", "agent-ivo", "agent-jo"];

    public void Play(SimulatedCustomer who, long atMs, string reason)
    {
        var chance = who.Chance;
        timeline.Track(who, atMs, "voice", "Call Started", new Property("reason", reason));
        var wait = chance.Gap(atMs < failureUntilMs() ? 260 : 70);
        var patience = chance.Between(200.0, 900.0);
        if (wait > patience)
            GiveUp(who, atMs, reason, patience);
        else
            Talk(who, atMs, reason, wait);
    }

    private void GiveUp(SimulatedCustomer who, long atMs, string reason, double waited)
    {
        who.Cheer(-2);
        var end = atMs + (long)(waited * Spans.Second);
        timeline.Track(who, end, "voice", "Call Ended",
            new Property("outcome", "abandoned"), new Property("wait_seconds", Math.Round(waited)));
        if (who.Chance.Of(0.7))
            Again(who, end, reason, who.Chance.Between(10 * Spans.Minute, 3 * Spans.Hour));
    }

    private void Talk(SimulatedCustomer who, long atMs, string reason, double waited)
    {
        var chance = who.Chance;
        var end = atMs + (long)(waited * Spans.Second) + chance.Between(90 * Spans.Second, 12 * Spans.Minute);
        var resolved = chance.Of(who.Persona == Persona.FrustratedCaller ? 0.5 : 0.8);
        who.Cheer((resolved ? 0.8 : -1.8) - (waited > 240 ? 1.2 : 0));
        timeline.Track(who, end, "voice", "Call Ended",
            new Property("outcome", resolved ? "resolved" : "unresolved"),
            new Property("wait_seconds", Math.Round(waited)),
            new Property("agent_id", chance.OneOf(Agents)));

        offers.OnThePhone(who, end - (30 * Spans.Second), reason);
        if (chance.Of(0.35))
            Survey(who, end + chance.Between(2 * Spans.Minute, 5 * Spans.Hour));
        if (!resolved && chance.Of(0.65))
            Again(who, end, reason, chance.Between(Spans.Hour, 26 * Spans.Hour));
        if (who.Mood < 3.5 && chance.Of(0.4))
            Complain(who, end + chance.Between(10 * Spans.Minute, 8 * Spans.Hour), reason);
    }

    private void Again(SimulatedCustomer who, long atMs, string reason, long afterMs) =>
        at(Rhythm.WhenOpen(who.Chance, atMs + afterMs), later =>
        {
            if (!who.HasLeft)
                Play(who, later, reason);
        });

    /// <summary>The answer goes into the customer's record too, as a trait.</summary>
    private void Survey(SimulatedCustomer who, long atMs)
    {
        var nps = (int)Math.Clamp(Math.Round(who.Chance.Bell(who.Mood, 1)), 0, 10);
        timeline.Track(who, atMs, "email", "Survey Answered", new Property("nps", nps));
        timeline.Identify(who, atMs + Spans.Second, "email", new Property("nps", nps));
    }

    private void Complain(SimulatedCustomer who, long atMs, string reason)
    {
        who.Cheer(-0.5);
        timeline.Track(who, atMs, who.Chance.Of(0.6) ? "chat" : "email", "Complaint Filed", new Property("topic", reason));
        if (who.Mood < 2 && who.Chance.Of(0.2))
            Leave(who, atMs + who.Chance.Between(Spans.Hour, 2 * Spans.Day));
    }

    /// <summary>Cancels and falls silent; an offer brings it back after two to four months.</summary>
    private void Leave(SimulatedCustomer who, long atMs) => at(atMs, later =>
    {
        if (who.HasLeft)
            return;
        who.HasLeft = true;
        timeline.Track(who, later, "chat", "Cancellation Requested", new Property("reason", "service"));
        at(later + who.Chance.Between(60 * Spans.Day, 120 * Spans.Day), back =>
        {
            who.HasLeft = false;
            who.Persona = Persona.Browser;
            who.BornMs = back;
            who.Mood = 6;
        });
    });
}
