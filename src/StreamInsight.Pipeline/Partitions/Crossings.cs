using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline.Partitions;

/// <summary>
/// Everything that crosses from one partition of customers to another: messages of customers who live elsewhere, and merges. A link between two partitions takes three steps.
/// The linking message is held, with all that comes for its customer after it, and a claim goes out; the claimed customer ends in its partition and its state is granted (or the claim is
/// refused); then the message is applied and those after it. Each step is a commit of one partition, so it happens once whatever dies.
/// <para>
/// Who waits for an answer never ends meanwhile, so a grant always finds its claimant. Two that claim each other do not wait for ever: who is claimed while it waits keeps the claim if
/// that comes from an earlier message than its own, and says that it is busy if not. The one that hears so gives in to the claim it has kept, or asks again. So the earliest wins.
/// </para>
/// </summary>
internal sealed class Crossings
{
    private readonly LocalCustomerHost _host;
    private readonly PartitionPlace _place;
    private readonly RecordReader _reader;
    private readonly CustomerEvent _message = new();
    private readonly Dictionary<int, HeldQueue> _held = [];   // by the slot of the root
    private readonly List<Handover> _outgoing = [];
    private readonly List<HeldMessage> _newlyHeld = [];
    private readonly List<long> _unheld = [];
    private long _lastNumber;
    private long _lastHeld;

    public Crossings(LocalCustomerHost host, PartitionPlace place, long lastHandover)
    {
        _host = host;
        _place = place;
        _reader = new RecordReader(host.Model.Events);
        _lastNumber = lastHandover;
    }

    /// <summary>Something is to go to another partition.</summary>
    public bool HasOutgoing => _outgoing.Count > 0;

    /// <summary>Messages that wait for a merge.</summary>
    public int HeldCount { get; private set; }

    /// <summary>What was held when the store was last written. Before anything is processed.</summary>
    public void Restore(IReadOnlyList<HeldMessage> held)
    {
        foreach (HeldMessage message in held)
        {
            Parcel parcel = HandoverCodec.Decode(message.Body);
            Queue(_host.RootOf(parcel.Customer)).Add(message.Number, parcel);
            HeldCount++;
            _lastHeld = message.Number;
        }
    }

    public bool IsHome(ReadOnlySpan<byte> id) => _place.IsHome(id);

    /// <summary>Its messages wait for a merge, and its timers with them.</summary>
    public bool IsHeld(int root) => _held.Count > 0 && _held.ContainsKey(root);

    /// <summary>It lives here and waits for nothing, so it may end at once.</summary>
    public bool IsFree(int root) => _host.IsHome(root) && !IsHeld(root);

    /// <summary>The customer does not live here, or waits: the message is taken care of, unless this is false.</summary>
    public bool TakesOver(int root, CustomerEvent message, SourcePosition position)
    {
        if (!_host.IsHome(root))
        {
            Send(ParcelOf(_host.NameOf(root), message, position));
            return true;
        }
        if (!IsHeld(root))
            return false;
        Hold(root, ParcelOf(_host.NameOf(root), message, position));
        return true;
    }

    /// <summary>The message links an id of another partition to <paramref name="into"/>: it waits, and the id's customer is claimed.</summary>
    public void Claim(int into, int other, CustomerEvent message, SourcePosition position, long heldNumber = 0)
    {
        Hold(into, ParcelOf(_host.NameOf(into), message, position), heldNumber);
        SendClaim(into, other, message, position);
    }

    /// <summary>How a queue of the model stands is everybody's business.</summary>
    public void Broadcast(CustomerEvent message, SourcePosition position)
    {
        EventParcel parcel = ParcelOf("", message, position);
        for (int partition = 0; partition < _place.Homes.Count; partition++)
        {
            if (partition != _place.Partition)
                Send(parcel, partition);
        }
    }

    /// <summary>The customer was erased: its ids elsewhere are to be erased, too.</summary>
    public void Forget(string id, long atMs, long untilMs) => Send(new ForgetParcel(id, atMs, untilMs));

    /// <summary>Applies what another partition sent.</summary>
    public void Receive(Parcel parcel, MessageRun run, List<Fact> facts)
    {
        int slot = parcel.Customer.Length == 0 ? -1 : _host.SlotOf(Encoding.UTF8.GetBytes(parcel.Customer));
        int root = slot < 0 ? -1 : _host.RootOf(slot);
        if (parcel is MergeClaim circle && _host.NameOf(root) == circle.By)
            Send(new MergeRefusal(circle.By, circle.Position, parcel.Customer == circle.By ? MergeRefusalReason.Merge : MergeRefusalReason.Exists));
        else if (slot >= 0 && parcel is not ForgetParcel && !_host.IsHome(root))
            Send(parcel with { Customer = _host.NameOf(root) });
        else if (parcel is EventParcel message)
            Apply(slot, message, run, facts);
        else if (parcel is MergeClaim claim)
            Answer(slot, root, claim, facts);
        else if (parcel is MergeGrant grant)
            Take(root, grant, run, facts);
        else if (parcel is MergeRefusal refusal)
            Hear(root, refusal, run, facts);
        else if (parcel is ForgetParcel forget)
            _host.EraseHere(forget, facts);
    }

    public void TakeChanges(HostChanges changes)
    {
        changes.Handovers.AddRange(_outgoing);
        // What was held and let go since the last time was never stored.
        changes.Held.AddRange(_newlyHeld.Where(message => !_unheld.Contains(message.Number)));
        changes.Unheld.AddRange(_unheld.Where(number => _newlyHeld.All(message => message.Number != number)));
        _outgoing.Clear();
        _newlyHeld.Clear();
        _unheld.Clear();
    }

    private void Apply(int slot, EventParcel parcel, MessageRun run, List<Fact> facts, bool isLinked = false, long heldNumber = 0)
    {
        _reader.ReadOne(parcel.Message, parcel.Inherited, parcel.Position.Index, RecordSource.At(parcel.RecordTimeMs), _message);
        Refusal refusal = slot < 0 ? _host.ApplyQueue(_message) : _host.Process(slot, _message, parcel.Position, facts, isLinked, heldNumber);
        if (refusal != Refusal.None)
            run.Refuse(new RefusedMessage(parcel.Position, refusal, parcel.RecordTimeMs, parcel.Message));
    }

    private void Answer(int slot, int root, MergeClaim claim, List<Fact> facts)
    {
        if (IsHeld(root) && claim.IsBefore(_held[root].First.Message))
            Hold(root, claim);
        else if ((IsHeld(root) ? MergeRefusalReason.Busy : Refused(slot, root, claim)) is { } reason)
            Send(new MergeRefusal(claim.By, claim.Position, reason));
        else
            Grant(root, claim, facts);
    }

    private void Grant(int root, MergeClaim claim, List<Fact> facts)
    {
        IReadOnlyList<string> aliases = _host.AliasesOf(root);
        byte[] state = _host.GiveAway(root, claim.By, Math.Max(claim.ClockMs, claim.RecordTimeMs), facts);
        Send(new MergeGrant(claim.By, claim.Position, _host.NameOf(root), aliases, state));
    }

    private MergeRefusalReason? Refused(int slot, int root, MergeClaim claim)
    {
        if (claim.RecordTimeMs < _host.ErasedUntilMs(slot))
            return MergeRefusalReason.Erased;
        if (_host.IsStopped(root))
            return MergeRefusalReason.Stopped;
        return _host.MayEnd(root, claim.IsAlias, claim.Links);
    }

    private void Take(int root, MergeGrant grant, MessageRun run, List<Fact> facts)
    {
        if (!IsWaiting(root, grant.Position))
            throw new InvalidOperationException($"A grant came for a customer of partition {_place.Partition} that waits for none (message {grant.Position}).");
        if (_held[root].First.Message.RecordTimeMs < _host.ErasedUntilMs(root))
        {
            // The claimant was erased meanwhile, and what has become of it goes the same way.
            foreach (string id in (IEnumerable<string>)[grant.Ended, .. grant.Aliases])
                Forget(id, _held[root].First.Message.RecordTimeMs, _host.ErasedUntilMs(root));
            GoOn(root, null, run, facts);
            return;
        }
        _host.TakeIn(root, grant, facts);
        // The id that was claimed may be an alias of the one that ended: it leads here now, too.
        _host.Lead(LinkedId(_held[root].First.Message), grant.Ended);
        GoOn(root, null, run, facts);
    }

    private void Hear(int root, MergeRefusal refusal, MessageRun run, List<Fact> facts)
    {
        if (!IsWaiting(root, refusal.Position))
            throw new InvalidOperationException($"An answer came for a customer of partition {_place.Partition} that waits for none (message {refusal.Position}).");
        if (refusal.Reason != MergeRefusalReason.Busy)
            GoOn(root, refusal.Reason, run, facts);
        else if (_held[root].FirstClaim is { } claim)
            GiveIn(root, claim, run, facts);
        else
            AskAgain(root);
    }

    private bool IsWaiting(int root, SourcePosition position) => IsHeld(root) && _held[root].First.Message.Position == position;

    /// <summary>It waits no longer, ends in who claimed it, and what it held follows.</summary>
    private void GiveIn(int root, MergeClaim claim, MessageRun run, List<Fact> facts)
    {
        _held.Remove(root, out HeldQueue? queue);
        Receive(claim, run, facts);
        bool isGone = _host.RootOf(root) != root;
        while (queue!.Count > 0)
        {
            Parcel parcel = Unhold(queue);
            if (parcel == claim)
                continue;
            if (isGone)
                Send(parcel with { Customer = claim.By });
            else
                Receive(parcel, run, facts);
        }
        _host.Wake(root);
    }

    private void AskAgain(int root)
    {
        (_, EventParcel linking) = _held[root].First;
        int other = _host.SlotOf(Encoding.UTF8.GetBytes(LinkedId(linking)));
        SendClaim(root, _host.RootOf(other), _message, linking.Position);
    }

    /// <summary>The answer has come: the linking message is applied, then those that came after it.</summary>
    private void GoOn(int root, MergeRefusalReason? refused, MessageRun run, List<Fact> facts)
    {
        _held.Remove(root, out HeldQueue? queue);
        var linking = (EventParcel)Unhold(queue!);
        if (refused == MergeRefusalReason.Exists)
            _host.Lead(LinkedId(linking), _host.NameOf(root));
        if (refused == MergeRefusalReason.Stopped)
            run.Refuse(new RefusedMessage(linking.Position, Refusal.Stopped, linking.RecordTimeMs, linking.Message));
        else
            Apply(root, linking, run, facts, isLinked: true);
        _host.CountRefusal(refused);
        ApplyRest(root, queue!, run, facts);
        _host.Wake(root);
    }

    /// <summary>What came after the linking message. One of them may have to wait itself, and those after it then wait behind it, but for claims: those get their answer.</summary>
    private void ApplyRest(int root, HeldQueue queue, MessageRun run, List<Fact> facts)
    {
        while (queue.Count > 0)
        {
            (long number, Parcel parcel) = queue.Take();
            HeldCount--;
            if (parcel is not EventParcel message || _host.RootOf(root) != root)
                Receive(parcel, run, facts);
            else if (IsHeld(root))
                Hold(root, parcel, number);
            else
                Apply(root, message, run, facts, heldNumber: number);
            if (!IsHeldAs(root, number))
                _unheld.Add(number);
        }
    }

    private bool IsHeldAs(int root, long number) => IsHeld(root) && _held[root].EndsWith(number);

    private string LinkedId(EventParcel parcel)
    {
        _reader.ReadOne(parcel.Message, parcel.Inherited, parcel.Position.Index, RecordSource.At(parcel.RecordTimeMs), _message);
        return Encoding.UTF8.GetString(_message.LinkedId.Span);
    }

    private Parcel Unhold(HeldQueue queue)
    {
        (long number, Parcel parcel) = queue.Take();
        HeldCount--;
        _unheld.Add(number);
        return parcel;
    }

    /// <param name="number">It is held already, under this number; 0 = it is not.</param>
    private long Hold(int root, Parcel parcel, long number = 0)
    {
        if (number == 0)
        {
            number = ++_lastHeld;
            _newlyHeld.Add(new HeldMessage(number, HandoverCodec.Encode(_place.Partition, number, parcel)));
        }
        Queue(root).Add(number, parcel);
        HeldCount++;
        return number;
    }

    private void SendClaim(int into, int other, CustomerEvent message, SourcePosition position) => Send(new MergeClaim(
        _host.NameOf(other), _host.NameOf(into), position, message.RecordTimeMs, message.Type == MessageType.Alias, _host.LinksOf(into), _host.ClockMs(into)));

    private HeldQueue Queue(int root)
    {
        if (!_held.TryGetValue(root, out HeldQueue? queue))
            _held[root] = queue = new HeldQueue();
        return queue;
    }

    private EventParcel ParcelOf(string customer, CustomerEvent message, SourcePosition position) =>
        new(customer, position, message.RecordTimeMs, message.Message.ToArray(), message.BatchIndex < 0 ? default : Copy(message.Inherited))
        {
            Linked = message.LinkedId.IsEmpty ? "" : _host.NameOf(_host.RootOf(_host.SlotOf(message.LinkedId.Span))),
        };

    private static BatchDefaults Copy(in BatchDefaults inherited) =>
        new(inherited.SentAt.ToArray(), inherited.ReceivedAt.ToArray(), inherited.Context.ToArray());

    private void Send(Parcel parcel) => Send(parcel, _place.Homes.Of(Encoding.UTF8.GetBytes(parcel.Customer)));

    private void Send(Parcel parcel, int to)
    {
        long number = ++_lastNumber;
        _outgoing.Add(new Handover(number, to, HandoverCodec.Encode(_place.Partition, number, parcel)));
    }
}
