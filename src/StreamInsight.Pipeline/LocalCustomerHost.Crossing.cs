using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Identity;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.State;

namespace StreamInsight.Pipeline;

/// <content>What <see cref="Crossings"/> asks of it: ids and customers that come from another partition, or go to one.</content>
public sealed partial class LocalCustomerHost
{
    internal bool IsHome(int slot) => _seats[slot].IsHome;

    internal int RootOf(int slot) => _ids.Root(slot);

    internal int RootOf(string id) => _ids.Root(SlotOf(Encoding.UTF8.GetBytes(id)));

    internal string NameOf(int slot) => _ids.Name(slot);

    internal int LinksOf(int root) => _ids.Links(root);

    internal long ErasedUntilMs(int slot) => _seats[slot].ErasedUntilMs;

    /// <summary>The customer's clock; <see cref="long.MinValue"/> = it has no state.</summary>
    internal long ClockMs(int root) => Load(root)?.ClockMs ?? long.MinValue;

    /// <summary>Why the customer may not end in one that has so many links; null = it may.</summary>
    internal MergeRefusalReason? MayEnd(int root, bool isAlias, int links) =>
        !isAlias && _ids.IsKnown(root) ? MergeRefusalReason.Merge
        : _ids.Links(root) + 1 + links + 1 > IdentityMap.DefaultLimit ? MergeRefusalReason.Limit
        : null;

    /// <summary>The customer ends here and leads to another partition's from now on; gives its state, empty = it had none.</summary>
    internal byte[] GiveAway(int root, string to, long clockMs, List<Fact> facts)
    {
        _ids.Restore(root, SlotOf(Encoding.UTF8.GetBytes(to)), _ids.Links(root));
        _dirtyIds.Add(root);
        if (Load(root) is not { } customer)
            return [];
        _engine.End(customer, clockMs, facts);
        var writer = new StateWriter();
        StateCodec.Encode(customer, Model, writer);
        Remove(root, customer);
        return writer.Written.ToArray();
    }

    /// <summary>A customer that ended in another partition goes on in this one.</summary>
    internal void TakeIn(int root, MergeGrant grant, List<Fact> facts)
    {
        int ended = SlotOf(Encoding.UTF8.GetBytes(grant.Ended));
        _ids.Restore(ended, root, 0);
        Linked(ended, root);
        foreach (string alias in grant.Aliases)
            Lead(alias, grant.Ended);
        _ids.Restore(root, -1, _ids.Links(root) + grant.Aliases.Count + 1);
        _dirtyIds.Add(root);
        if (grant.State.IsEmpty)
            return;
        if (Decode(grant.State.Span, out string? fault) is not { } from || fault is not null)
        {
            _quarantined.Add(new QuarantinedCustomer(grant.Ended, fault!, grant.State.ToArray()));
            return;
        }
        CustomerState? into = Load(root);
        CustomerState merged = _engine.TakeIn(from, into, _ids.Name(root), facts);
        if (into is null)
            Admit(root, merged);
        Touched(root);
    }

    /// <summary>An id of another partition leads to one that leads here, as its own partition knows: the next message that links it finds so at once.</summary>
    internal void Lead(string id, string to)
    {
        int slot = SlotOf(Encoding.UTF8.GetBytes(id)), target = SlotOf(Encoding.UTF8.GetBytes(to));
        if (slot == target || _ids.Parent(slot) >= 0)
            return;
        _ids.Restore(slot, target, 0);
        Linked(slot, target);
    }

    /// <summary>All ids that lead to a root.</summary>
    internal IReadOnlyList<string> AliasesOf(int root)
    {
        var found = new List<int> { root };
        for (int i = 0; i < found.Count; i++)
        {
            IEnumerable<int> direct = _store.LoadAliases(_ids.Name(found[i])).Select(id => SlotOf(Encoding.UTF8.GetBytes(id)));
            found.AddRange(direct.Concat(_newLinks.GetValueOrDefault(found[i], [])).Where(slot => !found.Contains(slot)).Distinct().ToArray());
        }
        return [.. found.Skip(1).Select(_ids.Name)];
    }

    private void Linked(int slot, int to)
    {
        _dirtyIds.Add(slot);
        if (_crossings is null)
            return;
        if (!_newLinks.TryGetValue(to, out List<int>? from))
            _newLinks[to] = from = [];
        from.Add(slot);
    }

    internal void CountRefusal(MergeRefusalReason? reason)
    {
        if (reason is MergeRefusalReason.Merge or MergeRefusalReason.Limit)
            Count(reason == MergeRefusalReason.Merge ? MergeRefused : LimitRefused);
    }

    /// <summary>Its timers may fire again.</summary>
    internal void Wake(int root)
    {
        if (_seats[root].Customer is not null)
            Touched(root);
    }

    /// <summary>An id that lives here belonged to a customer that was erased elsewhere, or is one that is to be erased.</summary>
    internal void EraseHere(ForgetParcel forget, List<Fact> facts)
    {
        int slot = SlotOf(Encoding.UTF8.GetBytes(forget.Customer));
        if (_ids.Root(slot) == slot && Erase(forget.Customer, forget.AtMs, forget.UntilMs - forget.AtMs, facts) is { } erasure)
            _erased.Add(erasure);
        else
            _erased.Add(new Erasure { Digest = Bury(slot, forget.UntilMs), AtMs = forget.AtMs, UntilMs = forget.UntilMs, Ids = [forget.Customer] }.With("aliases", 1));
    }

    /// <summary>Ids that are not in memory yet, in one question to the store in place of one for each.</summary>
    private void Prefetch(MessageRun run)
    {
        if (_crossings is null)
            return;
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < run.Count; i++)
        {
            if (run.Message(i) is not { IsDecoded: true } message)
                continue;
            foreach (ReadOnlyMemory<byte> id in (ReadOnlySpan<ReadOnlyMemory<byte>>)[message.UserId, message.AnonymousId, message.PreviousId])
            {
                if (!id.IsEmpty && _ids.Find(id.Span) < 0)
                    unknown.Add(Encoding.UTF8.GetString(id.Span));
            }
        }
        if (unknown.Count > 1)
            _store.Prefetch(unknown);
    }
}
