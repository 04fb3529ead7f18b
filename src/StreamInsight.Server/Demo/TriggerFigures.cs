namespace StreamInsight.Server.Demo;

/// <summary>One trigger as it went out.</summary>
/// <param name="AtMs">Simulated UTC ms.</param>
/// <param name="Cause">As the fact says: <c>event:…</c>, <c>timer</c>, <c>merge</c>.</param>
/// <param name="With">What it carries, as one line of JSON; <c>{}</c> = nothing.</param>
public readonly record struct TriggerFigures(long AtMs, string Trigger, string Customer, string Cause, string With);
