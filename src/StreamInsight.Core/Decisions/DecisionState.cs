using StreamInsight.Definitions;
using StreamInsight.Scores;
using StreamInsight.State;

namespace StreamInsight.Decisions;

/// <summary>
/// What is remembered of a customer to decide: contacts, declines, showings whose outcome is awaited, and what was told last. Bounded; part of the customer's
/// state, so owned as that is.
/// </summary>
internal sealed class DecisionState
{
    /// <summary>Contacts kept; the oldest go first.</summary>
    public const int MaxContacts = 1_024;   // above the greatest cap

    /// <summary>Showings awaited at once; the oldest go first and teach nothing.</summary>
    private const int MaxExposures = 32;

    private List<Contact> _contacts = [];
    private List<(int Action, long AtMs)> _lastShown = [];
    private List<Declines> _declines = [];
    private List<Exposure> _exposures = [];
    private List<(int Action, Outcome Outcome)> _outcomes = [];
    private ulong[]? _open;

    /// <summary>The ranking last told; empty before the first.</summary>
    public Told[] Ranking { get; set; } = [];

    /// <summary>Null before the first.</summary>
    public RoutingDecision? Routing { get; set; }

    /// <summary>Queues as the last step saw them; null where the model reads none.</summary>
    public QueueState?[]? Queues { get; set; }

    /// <summary>
    /// By action, the channels on which it is open: what each action's own decision came to, standing as long as that is settled. Empty = all are closed. Not part of the
    /// state: after a load every action is judged.
    /// </summary>
    public ReadOnlySpan<ulong> Open => _open;

    /// <summary>The last lot drawn for exploration, and its day; drawn once a day. Not part of the state.</summary>
    public (long Day, double Drawn) Lot { get; set; } = (long.MinValue, 0);

    /// <summary>Notes on which channels an action is open; false = it was so already.</summary>
    public bool SetOpen(int action, ulong channels, int actions)
    {
        if ((_open is null ? 0 : _open[action]) == channels)
            return false;
        (_open ??= new ulong[actions])[action] = channels;
        return true;
    }

    /// <summary>When an action was last shown or sent; <see cref="long.MinValue"/> = never.</summary>
    public long LastShownMs(int action)
    {
        foreach ((int shown, long atMs) in _lastShown)
            if (shown == action)
                return atMs;
        return long.MinValue;
    }

    /// <summary>Until when declines pause an action; <see cref="long.MinValue"/> = they never did.</summary>
    public long PausedUntilMs(int action)
    {
        foreach (Declines declines in _declines)
            if (declines.Action == action)
                return declines.PausedUntilMs;
        return long.MinValue;
    }

    /// <summary>Whether a contact or reservation after <paramref name="afterMs"/> is of this decision.</summary>
    public bool Knows(ulong decision, long afterMs)
    {
        foreach (Contact contact in _contacts)
            if (contact.Decision == decision && contact.AtMs > afterMs)
                return true;
        return false;
    }

    /// <summary>Contacts and reservations that count against a cap now, and when the first of them ceases to.</summary>
    public int Count(CompiledCap cap, IReadOnlyList<CompiledAction> actions, long nowMs, out long freesMs)
    {
        int count = 0;
        freesMs = long.MaxValue;
        foreach (Contact contact in _contacts)
        {
            CompiledAction action = actions[contact.Action];
            if (!action.IsCommercial || (cap.Channel >= 0 && contact.Channel != cap.Channel) || (cap.Topic is not null && action.Definition.Topic != cap.Topic))
                continue;
            long endsMs = contact.IsReservation ? contact.ExpiresMs : contact.AtMs + cap.WindowMs;
            if (contact.AtMs > nowMs || endsMs <= nowMs)
                continue;
            count++;
            freesMs = Math.Min(freesMs, endsMs);
        }

        return count;
    }

    /// <summary>What an action has been to this customer.</summary>
    public Outcome OutcomeOf(int action)
    {
        foreach ((int of, Outcome outcome) in _outcomes)
            if (of == action)
                return outcome;
        return Outcome.None;
    }

    /// <summary>Notes it; false = it was so already.</summary>
    public bool Note(int action, Outcome outcome)
    {
        int at = 0;
        while (at < _outcomes.Count && _outcomes[at].Action != action)
            at++;
        if (at == _outcomes.Count)
            _outcomes.Add((action, outcome));
        else if ((_outcomes[at].Outcome & outcome) != 0)
            return false;
        else
            _outcomes[at] = (action, _outcomes[at].Outcome | outcome);
        return true;
    }

    public void Reserve(Contact reservation, long keepMs)
    {
        Forget(reservation.AtMs - keepMs);
        Insert(reservation);
    }

    /// <summary>
    /// A contact was made: commits the reservation it belongs to, by decision or else by action and channel. False = a repeated report of one decision, which is one contact.
    /// </summary>
    public bool Commit(Contact contact, long keepMs)
    {
        Forget(contact.AtMs - keepMs);
        int at = contact.Decision != 0
            ? _contacts.FindIndex(c => c.Decision == contact.Decision)
            : _contacts.FindIndex(c => c.IsReservation && c.ExpiresMs > contact.AtMs && c.Action == contact.Action && (contact.Channel < 0 || c.Channel == contact.Channel));
        if (at >= 0 && !_contacts[at].IsReservation)
            return false;
        if (at >= 0)
        {
            contact = contact with { Channel = contact.Channel < 0 ? _contacts[at].Channel : contact.Channel, Decision = _contacts[at].Decision };
            _contacts.RemoveAt(at);
        }

        Insert(contact);
        int shown = _lastShown.FindIndex(s => s.Action == contact.Action);
        if (shown < 0)
            _lastShown.Add((contact.Action, contact.AtMs));
        else
            _lastShown[shown] = (contact.Action, Math.Max(_lastShown[shown].AtMs, contact.AtMs));
        return true;
    }

    public void Decline(int action, long atMs, RejectDefinition rule) => Decline(action, [atMs], rule);

    private void Decline(int action, long[] atMs, RejectDefinition rule)
    {
        int index = _declines.FindIndex(d => d.Action == action);
        Declines declines = index < 0 ? new Declines(action, long.MinValue, []) : _declines[index];
        long[] times = [.. declines.TimesMs.Concat(atMs).Order().TakeLast(rule.After)];
        long pausedMs = times.Length == rule.After && times[^1] - times[0] < rule.WithinMs ? times[^1] + rule.PauseMs : long.MinValue;
        declines = new Declines(action, Math.Max(declines.PausedUntilMs, pausedMs), times);
        if (index < 0)
            _declines.Add(declines);
        else
            _declines[index] = declines;
    }

    /// <summary>A showing that is reported twice is awaited once.</summary>
    public void Await(Exposure exposure)
    {
        if (exposure.Decision != 0 && _exposures.Exists(e => e.Score == exposure.Score && e.Decision == exposure.Decision))
            return;
        if (_exposures.Count == MaxExposures)
            _exposures.RemoveAt(0);
        int at = _exposures.FindIndex(e => e.AtMs > exposure.AtMs);
        _exposures.Insert(at < 0 ? _exposures.Count : at, exposure);
    }

    /// <summary>Takes the showing that an outcome belongs to: that of its decision, else the oldest of the score; null = none is awaited.</summary>
    public Exposure? TakeExposure(int score, ulong decision)
    {
        int at = decision == 0 ? -1 : _exposures.FindIndex(e => e.Score == score && e.Decision == decision);
        if (at < 0)
            at = _exposures.FindIndex(e => e.Score == score);
        if (at < 0)
            return null;
        Exposure exposure = _exposures[at];
        _exposures.RemoveAt(at);
        return exposure;
    }

    /// <summary>Takes a showing whose time for an outcome is over; null = none.</summary>
    public Exposure? TakeSilent(IReadOnlyList<CompiledLearning> scores, long nowMs)
    {
        int at = 0;
        while (at < _exposures.Count && SilentAtMs(_exposures[at], scores) > nowMs)
            at++;
        if (at == _exposures.Count)
            return null;
        Exposure exposure = _exposures[at];
        _exposures.RemoveAt(at);
        return exposure;
    }

    /// <summary>When the next showing becomes a failure by silence; <see cref="long.MaxValue"/> = none will.</summary>
    public long NextSilenceMs(IReadOnlyList<CompiledLearning> scores)
    {
        long next = long.MaxValue;
        foreach (Exposure exposure in _exposures)
            next = Math.Min(next, SilentAtMs(exposure, scores));
        return next;
    }

    /// <summary>Takes over what another customer's history says: contacts and declines of both count. What was told stays this side's.</summary>
    public void Absorb(DecisionState other, RejectDefinition? rule)
    {
        _contacts = [.. _contacts.Concat(other._contacts.Where(c => c.Decision == 0 || !_contacts.Exists(mine => mine.Decision == c.Decision))).OrderBy(c => c.AtMs).TakeLast(MaxContacts)];
        _exposures = [.. _exposures.Concat(other._exposures).OrderBy(e => e.AtMs).TakeLast(MaxExposures)];
        _lastShown = [.. _lastShown.Concat(other._lastShown).GroupBy(s => s.Action).Select(shown => (shown.Key, shown.Max(s => s.AtMs)))];
        foreach ((int action, Outcome outcome) in other._outcomes)
            foreach (Outcome one in new[] { Outcome.Offered, Outcome.HeldOut, Outcome.Converted })
                if ((outcome & one) != 0)
                    Note(action, one);
        foreach (Declines theirs in other._declines)
        {
            if (rule is not null)
                Decline(theirs.Action, theirs.TimesMs, rule);
            int mine = _declines.FindIndex(d => d.Action == theirs.Action);
            if (mine < 0)
                _declines.Add(theirs);
            else
                _declines[mine] = _declines[mine] with { PausedUntilMs = Math.Max(_declines[mine].PausedUntilMs, theirs.PausedUntilMs) };
        }
    }

    /// <summary>The same history of a customer under another id, to whom nothing was told yet.</summary>
    public void ForgetTold()
    {
        Lot = (long.MinValue, 0);
        Ranking = [];
        Routing = null;
    }

    private static long SilentAtMs(Exposure exposure, IReadOnlyList<CompiledLearning> scores) =>
        scores[exposure.Score].Definition.WithinMs is { } within ? exposure.AtMs + within : long.MaxValue;

    private void Insert(Contact contact)
    {
        if (_contacts.Count == MaxContacts)
            _contacts.RemoveAt(0);
        int at = _contacts.Count;
        while (at > 0 && _contacts[at - 1].AtMs > contact.AtMs)
            at--;
        _contacts.Insert(at, contact);
    }

    private void Forget(long beforeMs) => _contacts.RemoveAll(c => c.AtMs <= beforeMs && (!c.IsReservation || c.ExpiresMs <= beforeMs));

    public void Encode(StateWriter writer)
    {
        writer.WriteUnsigned((ulong)_contacts.Count);
        foreach (Contact contact in _contacts)
        {
            writer.WriteSigned(contact.AtMs);
            writer.WriteUnsigned((ulong)contact.Action);
            writer.WriteSigned(contact.Channel);
            writer.WriteSigned(contact.IsReservation ? contact.ExpiresMs : -1);
            writer.WriteBits((long)contact.Decision);
        }

        writer.WriteUnsigned((ulong)_lastShown.Count);
        foreach ((int action, long atMs) in _lastShown)
        {
            writer.WriteUnsigned((ulong)action);
            writer.WriteSigned(atMs);
        }

        writer.WriteUnsigned((ulong)_declines.Count);
        foreach (Declines declines in _declines)
        {
            writer.WriteUnsigned((ulong)declines.Action);
            writer.WriteBits(declines.PausedUntilMs);
            writer.WriteUnsigned((ulong)declines.TimesMs.Length);
            foreach (long atMs in declines.TimesMs)
                writer.WriteSigned(atMs);
        }

        writer.WriteUnsigned((ulong)_exposures.Count);
        foreach (Exposure exposure in _exposures)
        {
            writer.WriteUnsigned((ulong)exposure.Score);
            writer.WriteSigned(exposure.AtMs);
            writer.WriteBits((long)exposure.Decision);
            writer.WriteUnsigned((ulong)exposure.Inputs.Length);
            foreach (ScoreInput input in exposure.Inputs)
                WriteInput(input, writer);
        }

        writer.WriteUnsigned((ulong)_outcomes.Count);
        foreach ((int action, Outcome outcome) in _outcomes)
        {
            writer.WriteUnsigned((ulong)action);
            writer.WriteByte((byte)outcome);
        }

        writer.WriteUnsigned((ulong)Ranking.Length);
        foreach (Told told in Ranking)
        {
            writer.WriteUnsigned((ulong)told.Action);
            writer.WriteUnsigned(told.Channels);
            writer.WriteByte(told.IsExplored ? (byte)1 : (byte)0);
        }

        EncodeRouting(writer);
        EncodeQueues(writer);
    }

    public static DecisionState Read(ref StateReader reader, CompiledModel model)
    {
        int actions = model.Actions.Count, scores = model.Learnings.Count;
        var state = new DecisionState();
        for (int left = reader.ReadCount(); left > 0; left--)
        {
            long atMs = reader.ReadSigned();
            int action = reader.ReadInt(actions);
            int channel = (int)reader.ReadSigned();
            long expiresMs = reader.ReadSigned();
            state._contacts.Add(new Contact(atMs, action, channel, expiresMs < 0 ? long.MaxValue : expiresMs, (ulong)reader.ReadBits()));
        }

        for (int left = reader.ReadCount(); left > 0; left--)
            state._lastShown.Add((reader.ReadInt(actions), reader.ReadSigned()));
        for (int left = reader.ReadCount(); left > 0; left--)
        {
            int action = reader.ReadInt(actions);
            long pausedMs = reader.ReadBits();
            var times = new long[reader.ReadCount()];
            for (int i = 0; i < times.Length; i++)
                times[i] = reader.ReadSigned();
            state._declines.Add(new Declines(action, pausedMs, times));
        }

        for (int left = reader.ReadCount(); left > 0; left--)
        {
            int score = reader.ReadInt(scores);
            long atMs = reader.ReadSigned();
            ulong decision = (ulong)reader.ReadBits();
            var inputs = new ScoreInput[reader.ReadCount()];
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = ReadInput(ref reader);
            state._exposures.Add(new Exposure(score, atMs, decision, inputs));
        }

        for (int left = reader.ReadCount(); left > 0; left--)
            state._outcomes.Add((reader.ReadInt(actions), (Outcome)reader.ReadByte()));
        state.Ranking = new Told[reader.ReadCount()];
        for (int i = 0; i < state.Ranking.Length; i++)
            state.Ranking[i] = new Told(reader.ReadInt(actions), reader.ReadUnsigned(), reader.ReadByte() != 0);
        state.Routing = ReadRouting(ref reader);
        state.Queues = ReadQueues(ref reader, model.Definition.Queues.Count);
        return state;
    }

    private static void WriteInput(ScoreInput input, StateWriter writer)
    {
        writer.WriteByte((byte)input.Kind);
        if (input.Kind != ScoreInputKind.Missing)
            writer.WriteBits((long)input.Bits);
    }

    private static ScoreInput ReadInput(ref StateReader reader) => (ScoreInputKind)reader.ReadByte() switch
    {
        ScoreInputKind.Number => ScoreInput.Number(BitConverter.Int64BitsToDouble(reader.ReadBits())),
        ScoreInputKind.Category => ScoreInput.Category((ulong)reader.ReadBits()),
        _ => ScoreInput.Missing,
    };

    private void EncodeRouting(StateWriter writer)
    {
        writer.WriteByte(Routing is null ? (byte)0 : (byte)1);
        if (Routing is null)
            return;
        writer.WriteText(Routing.Queue);
        writer.WriteBits(BitConverter.DoubleToInt64Bits(Routing.Score));
        writer.WriteText(Routing.Agent);
        writer.WriteSigned(Routing.ValidUntilMs);
        foreach (IReadOnlyList<string> texts in new[] { Routing.Reasons, Routing.Skills })
        {
            writer.WriteUnsigned((ulong)texts.Count);
            foreach (string text in texts)
                writer.WriteText(text);
        }
    }

    private void EncodeQueues(StateWriter writer)
    {
        writer.WriteUnsigned((ulong)(Queues?.Length ?? 0));
        foreach (QueueState? queue in Queues ?? [])
        {
            writer.WriteByte(queue is null ? (byte)0 : (byte)1);
            if (queue is { } state)
                QueueBoard.Write(state, writer);
        }
    }

    private static QueueState?[]? ReadQueues(ref StateReader reader, int expected)
    {
        var queues = new QueueState?[reader.ReadCount()];
        for (int i = 0; i < queues.Length; i++)
            queues[i] = reader.ReadByte() == 0 ? null : QueueBoard.ReadState(ref reader);
        return queues.Length == 0 || queues.Length != expected ? null : queues;
    }

    private static RoutingDecision? ReadRouting(ref StateReader reader)
    {
        if (reader.ReadByte() == 0)
            return null;
        string? queue = reader.ReadText();
        double score = BitConverter.Int64BitsToDouble(reader.ReadBits());
        string? agent = reader.ReadText();
        long validUntilMs = reader.ReadSigned();
        string[] reasons = ReadTexts(ref reader);
        return new RoutingDecision(queue, score, reasons, agent, ReadTexts(ref reader), validUntilMs);
    }

    private static string[] ReadTexts(ref StateReader reader)
    {
        var texts = new string[reader.ReadCount()];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = reader.ReadText() ?? "";
        return texts;
    }
}
