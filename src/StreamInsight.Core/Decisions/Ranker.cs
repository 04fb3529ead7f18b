using StreamInsight.Definitions;
using StreamInsight.Engine;
using StreamInsight.Expressions;
using StreamInsight.Expressions.Library;

namespace StreamInsight.Decisions;

/// <summary>
/// The next best actions of one customer: eligibility → consent → holdout → caps and pauses → quiet hours → capacity, then by P^a · C^b · V^c · L^d. Reads the customer,
/// changes nothing, and notes in the context until when its answer stands.
/// </summary>
internal sealed class Ranker(CompiledModel model, CustomerContext context)
{
    private const long DayMs = 86_400_000;

    private readonly Candidate[] _all = [.. model.Actions.Select(action => new Candidate(action))];
    private readonly List<Candidate> _ranked = [];
    private readonly Comparison<Candidate> _compare = Compare;
    private bool? _isHeldOut;

    /// <summary>Every action of the model and how it fared in the last ranking.</summary>
    public IReadOnlyList<Candidate> All => _all;

    /// <summary>How one action fares at the gates before its score, on all its channels. Good until the next call.</summary>
    public Candidate Judge(int action)
    {
        _isHeldOut = null;
        Judge(_all[action], -1);
        return _all[action];
    }

    /// <summary>How one action fares at all gates, its score included, on all its channels. Good until the next call.</summary>
    public Candidate Rate(int action)
    {
        _isHeldOut = null;
        Rate(_all[action], -1);
        return _all[action];
    }

    /// <summary>
    /// Ranks the actions that are open on some channel, as <see cref="Judge(int)"/> found them (0 = closed, none listed = all closed); best first, at most
    /// <paramref name="top"/>. Good until the next call.
    /// </summary>
    public IReadOnlyList<Candidate> Arrange(ReadOnlySpan<ulong> open, int top)
    {
        _ranked.Clear();
        bool isAlone = Count(open) == 1;
        for (int action = 0; action < open.Length; action++)
        {
            if (open[action] == 0)
                continue;
            Candidate candidate = _all[action];
            candidate.Channels = open[action];
            candidate.IsExplored = false;
            candidate.LastShownMs = context.State.Decisions!.LastShownMs(action);
            if (TryScore(candidate, isAlone))
                _ranked.Add(candidate);
        }

        return Top(top);
    }

    /// <summary>Ranks for one channel (by number) or, with -1, for all; best first, at most <paramref name="top"/>. Good until the next call.</summary>
    public IReadOnlyList<Candidate> Rank(int channel, int top)
    {
        _isHeldOut = null;
        _ranked.Clear();
        foreach (Candidate candidate in _all)
        {
            Rate(candidate, channel);
            if (candidate.RemovedBy == Gate.None)
                _ranked.Add(candidate);
        }

        return Top(top);
    }

    private void Rate(Candidate candidate, int channel)
    {
        Judge(candidate, channel);
        if (candidate.RemovedBy == Gate.None && !TryScore(candidate, isAlone: false))
            candidate.RemovedBy = Gate.Value;
    }

    private static int Count(ReadOnlySpan<ulong> open)
    {
        int count = 0;
        foreach (ulong channels in open)
            count += channels == 0 ? 0 : 1;
        return count;
    }

    private List<Candidate> Top(int top)
    {
        if (_ranked.Count > 1)
            _ranked.Sort(_compare);
        if (_ranked.Count > 1 && model.Definition.Arbitration.Explore > 0)
            Explore();
        if (_ranked.Count > top)
            _ranked.RemoveRange(top, _ranked.Count - top);
        return _ranked;
    }

    /// <summary>Longest since last shown first among equals, then by name.</summary>
    private static int Compare(Candidate a, Candidate b)
    {
        int order = b.Score.CompareTo(a.Score);
        if (order == 0)
            order = a.LastShownMs.CompareTo(b.LastShownMs);
        return order != 0 ? order : string.CompareOrdinal(a.Action.Name, b.Action.Name);
    }

    private void Judge(Candidate candidate, int channel)
    {
        CompiledAction action = candidate.Action;
        DecisionState? history = context.State.Decisions;
        candidate.OpensMs = long.MaxValue;
        candidate.IsExplored = false;
        candidate.LastShownMs = history?.LastShownMs(action.Index) ?? long.MinValue;
        candidate.Channels = channel < 0 ? action.ChannelMask : action.ChannelMask & (1UL << channel);
        candidate.RemovedBy =
            candidate.Channels == 0 ? Gate.Channel
            : !action.Eligible.Expression.Evaluate(context).IsTrue ? Gate.Eligibility
            : !HasConsent(candidate) ? Gate.Consent
            : action.IsCommercial && IsHeldOut() ? Gate.Holdout
            : action.IsCommercial && !IsBelowCaps(candidate, history) ? Gate.Cap
            : action.IsCommercial && IsPaused(candidate, history) ? Gate.Pause
            : !IsAwake(candidate) ? Gate.QuietHours
            : !HasCapacity(action) ? Gate.Capacity
            : Gate.None;
    }

    private bool HasConsent(Candidate candidate)
    {
        if (model.Policy.ChannelConsent is not { } consents)
            return true;
        if (candidate.Action.Definition.Purpose is { } purpose && model.Policy.PurposeConsent.TryGetValue(purpose, out Condition? agreed) && !agreed.Expression.Evaluate(context).IsTrue)
            return false;
        foreach (int channel in candidate.Action.Channels)
            if ((candidate.Channels >> channel & 1) != 0 && (consents[channel] is not { } consent || !consent.Expression.Evaluate(context).IsTrue))
                candidate.Channels &= ~(1UL << channel);
        return candidate.Channels != 0;
    }

    private bool IsHeldOut() =>
        model.Definition.Policy.Holdout is { } holdout && (_isHeldOut ??= Lot.IsHeldOut(holdout.Share, holdout.Salt, context.State.Id));

    private bool IsBelowCaps(Candidate candidate, DecisionState? history)
    {
        for (int i = 0; i < model.Policy.Caps.Count; i++)
        {
            CompiledCap cap = model.Policy.Caps[i];
            ulong channels = cap.Channel < 0 ? candidate.Channels : candidate.Channels & (1UL << cap.Channel);
            if (channels == 0 || (cap.Topic is not null && candidate.Action.Definition.Topic != cap.Topic))
                continue;
            long freesMs = long.MaxValue;
            int count = history?.Count(cap, model.Actions, context.Now, out freesMs) ?? 0;
            if (count < cap.Max)
                continue;
            context.Until(freesMs);
            candidate.Channels &= ~channels;
            candidate.Cap = i;
            candidate.OpensMs = Math.Min(candidate.OpensMs, freesMs);
        }

        return candidate.Channels != 0;
    }

    private bool IsPaused(Candidate candidate, DecisionState? history)
    {
        long untilMs = history?.PausedUntilMs(candidate.Action.Index) ?? long.MinValue;
        if (untilMs <= context.Now)
            return false;
        context.Until(untilMs);
        candidate.OpensMs = untilMs;
        return true;
    }

    private bool IsAwake(Candidate candidate)
    {
        if (model.Definition.Policy.Quiet is not { } quiet || (candidate.Channels & model.Policy.QuietChannels) == 0)
            return true;
        string? name = model.Policy.QuietZone is { } expression
            ? expression.Evaluate(context) is { Kind: ValueKind.String } text ? text.AsString : null
            : model.Policy.ModelZone;
        Zone? zone = name is null ? null : Zone.Find(name);
        if (zone is null && quiet.UnknownZone == "send")
            return true;
        zone ??= quiet.UnknownZone == "hold" ? null : Zone.Find(quiet.UnknownZone);
        if (zone is not null && !QuietHours.IsQuiet(quiet, zone, context.Now, out long turnsMs))
        {
            context.Until(turnsMs);
            return true;
        }

        if (zone is not null)
        {
            QuietHours.IsQuiet(quiet, zone, context.Now, out turnsMs);
            context.Until(turnsMs);
            candidate.OpensMs = turnsMs;
        }

        candidate.Channels &= ~model.Policy.QuietChannels;
        return candidate.Channels != 0;
    }

    /// <summary>A queue of unknown state, with nothing assumed of it, holds nothing up.</summary>
    private bool HasCapacity(CompiledAction action) =>
        action.Queue < 0
        || model.Definition.Queues[action.Queue].Target is not { } target
        || (context.Queue(action.Queue)?.ServiceLevel ?? model.Definition.Queues[action.Queue].DefaultServiceLevel) is not { } level
        || level >= target;

    /// <summary>
    /// False where the score is no number. A learned propensity is a probability, which never makes it so: an action that is alone need not know it. Its score is then that of a
    /// certain success.
    /// </summary>
    private bool TryScore(Candidate candidate, bool isAlone)
    {
        CompiledAction action = candidate.Action;
        candidate.Propensity = isAlone && action.Sampling == ScoreSampling.Learned ? 1 : Factor(action.Propensity);
        candidate.Context = Factor(action.Context);
        candidate.Value = Factor(action.Value);
        candidate.Lever = Factor(action.Lever);
        ArbitrationDefinition exponents = model.Definition.Arbitration;
        candidate.Score = Power(candidate.Propensity, exponents.Propensity) * Power(candidate.Context, exponents.Context)
            * Power(candidate.Value, exponents.Value) * Power(candidate.Lever, exponents.Lever);
        return double.IsFinite(candidate.Score);
    }

    /// <summary>NaN for what is no number from 0 up.</summary>
    private double Factor(Expression? expression)
    {
        if (expression is null)
            return 1;
        double factor = Numbers.OrNaN(expression.Evaluate(context));
        return factor >= 0 && double.IsFinite(factor) ? factor : double.NaN;
    }

    private static double Power(double factor, double exponent) => exponent == 1 ? factor : double.IsNaN(factor) ? factor : Math.Pow(factor, exponent);

    /// <summary>On some days some customers get another first action, drawn by lot among the ranked; the same all day (UTC).</summary>
    private void Explore()
    {
        long day = Math.DivRem(context.Now, DayMs, out long rest) - (rest < 0 ? 1 : 0);
        context.Until((day + 1) * DayMs);
        if (Drawn(day) >= model.Definition.Arbitration.Explore)
            return;
        string salt = SaltOf(day);
        int drawn = (int)(Lot.Draw("explored", salt, context.State.Id) * _ranked.Count);
        Candidate first = _ranked[drawn];
        first.IsExplored = true;
        _ranked.RemoveAt(drawn);
        _ranked.Insert(0, first);
    }

    private double Drawn(long day)
    {
        if (context.State.Decisions is not { } history)
            return Lot.Draw("explore", SaltOf(day), context.State.Id);
        if (history.Lot.Day != day)
            history.Lot = (day, Lot.Draw("explore", SaltOf(day), context.State.Id));
        return history.Lot.Drawn;
    }

    private static string SaltOf(long day) => day.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
