using System.Text;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Pipeline;

/// <content>Customers and ids that are to be forgotten.</content>
public sealed partial class LocalCustomerHost
{
    public Erasure? Erase(string id, long nowMs, long forgetAfterMs, List<Fact> facts)
    {
        int slot = SlotOf(Encoding.UTF8.GetBytes(id)), root = _ids.Root(slot);
        CustomerState? customer = Load(root);
        bool wasStopped = _seats[root].IsStopped;
        if (customer is null && slot == root && _ids.Links(root) == 0 && !_ids.IsKnown(root) && _seats[root].ErasedUntilMs == 0 && !wasStopped)
            return null;

        int segments = customer is null ? 0 : Model.SegmentsOf(customer).Count();
        long atMs = Math.Max(nowMs, customer?.ClockMs ?? nowMs);
        int[] ids = [root, .. AliasesOf(root).Select(alias => SlotOf(Encoding.UTF8.GetBytes(alias)))];
        var erasure = new Erasure { Digest = Bury(root, atMs + forgetAfterMs), AtMs = atMs, UntilMs = atMs + forgetAfterMs, Ids = [.. ids.Select(_ids.Name)] };
        foreach (int alias in ids.Skip(1))
        {
            if (!IsHome(alias))
                _crossings!.Forget(_ids.Name(alias), atMs, erasure.UntilMs);
            Bury(alias, erasure.UntilMs);
        }
        if (customer is not null)
        {
            _engine.Erase(customer, facts);
            Remove(root, customer);
        }
        _seats[root].IsStopped = false;
        _stopped.Remove(_ids.Name(root));
        return erasure
            .With("state", customer is null && !wasStopped ? 0 : 1)
            .With("timers", customer is null || customer.NextTimerMs == long.MaxValue ? 0 : 1)
            .With("segments", segments)
            .With("aliases", ids.Length - 1);
    }

    /// <summary>Nothing is remembered of the id but that its records are refused.</summary>
    private UInt128 Bury(int slot, long untilMs)
    {
        string name = _ids.Name(slot);
        UInt128 digest = IdDigest.Of(name, _store.Secret.Span);
        _ids.Forget(slot);
        _seats[slot].ErasedUntilMs = untilMs;
        _tombstones[digest] = untilMs;
        _newTombstones.Add(new Tombstone(digest, untilMs));
        _removedIds.Add(name);
        return digest;
    }
}
