using StreamInsight.Decisions;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Scores;

namespace StreamInsight.Orleans.Wire;

/// <summary>What a partition's host changed, on its way to the worker that commits it.</summary>
internal static class ChangesCodec
{
    public static void Write(WireWriter to, HostChanges changes)
    {
        to.Count(changes.Customers.Count);
        foreach (CustomerRow row in changes.Customers)
        {
            to.Text(row.Id);
            to.Signed(row.NextTimerMs);
            to.Text(row.Stage);
            to.Bytes(row.State.Span);
        }
        to.Texts(changes.RemovedCustomers);
        to.Count(changes.Ids.Count);
        foreach (IdRow id in changes.Ids)
        {
            to.Text(id.Id);
            to.Text(id.LinkedTo);
            to.Flag(id.IsKnown);
            to.Signed(id.Links);
        }
        to.Texts(changes.RemovedIds);
        to.Count(changes.Quarantined.Count);
        foreach (QuarantinedCustomer customer in changes.Quarantined)
        {
            to.Text(customer.Id);
            to.Text(customer.Reason);
            to.Bytes(customer.State.Span);
        }
        to.Texts(changes.Released);
        to.Count(changes.Tombstones.Count);
        foreach (Tombstone tombstone in changes.Tombstones)
        {
            to.Wide(tombstone.Digest);
            to.Signed(tombstone.UntilMs);
        }
        to.Count(changes.Counters.Count);
        foreach ((string name, long count) in changes.Counters)
        {
            to.Text(name);
            to.Signed(count);
        }
        to.Texts(changes.NewLookups);
        to.Count(changes.Decisions.Count);
        foreach (DecisionRecord decision in changes.Decisions)
            Write(to, decision);
        to.Count(changes.Held.Count);
        foreach (HeldMessage held in changes.Held)
        {
            to.Signed(held.Number);
            to.Bytes(held.Body.Span);
        }
        to.Count(changes.Unheld.Count);
        foreach (long number in changes.Unheld)
            to.Signed(number);
        to.Count(changes.Handovers.Count);
        foreach (Handover handover in changes.Handovers)
        {
            to.Signed(handover.Number);
            to.Signed(handover.To);
            to.Bytes(handover.Body.Span);
        }
        to.Flag(changes.Shared is not null);
        if (changes.Shared is not null)
            to.Bytes(changes.Shared);
    }

    public static HostChanges Read(ref WireReader from)
    {
        var changes = new HostChanges();
        for (int i = from.Count(); i > 0; i--)
            changes.Customers.Add(new CustomerRow(from.Word(), from.Signed(), from.Text(), from.Bytes()));
        changes.RemovedCustomers.AddRange(from.Texts());
        for (int i = from.Count(); i > 0; i--)
            changes.Ids.Add(new IdRow(from.Word(), from.Text(), from.Flag(), (int)from.Signed()));
        changes.RemovedIds.AddRange(from.Texts());
        for (int i = from.Count(); i > 0; i--)
            changes.Quarantined.Add(new QuarantinedCustomer(from.Word(), from.Word(), from.Bytes()));
        changes.Released.AddRange(from.Texts());
        for (int i = from.Count(); i > 0; i--)
            changes.Tombstones.Add(new Tombstone(from.Wide(), from.Signed()));
        for (int i = from.Count(); i > 0; i--)
            changes.Counters.Add(from.Word(), from.Signed());
        changes.NewLookups.AddRange(from.Texts());
        for (int i = from.Count(); i > 0; i--)
            changes.Decisions.Add(ReadDecision(ref from));
        for (int i = from.Count(); i > 0; i--)
            changes.Held.Add(new HeldMessage(from.Signed(), from.Bytes()));
        for (int i = from.Count(); i > 0; i--)
            changes.Unheld.Add(from.Signed());
        for (int i = from.Count(); i > 0; i--)
            changes.Handovers.Add(new Handover(from.Signed(), (int)from.Signed(), from.Bytes()));
        if (from.Flag())
            changes.Shared = from.Bytes().ToArray();
        return changes;
    }

    public static void Write(WireWriter to, DecisionFigures figures)
    {
        to.Count(figures.Scores.Count);
        foreach ((string name, ScoreReport report) in figures.Scores)
        {
            to.Text(name);
            foreach (double figure in (double[])[report.Evidence, report.Successes, report.Rate, report.Auc, report.LogLoss, report.BaselineLogLoss, report.CalibrationError, report.Drift])
                to.Double(figure);
            to.Signed(report.Drifts);
            to.Flag(report.IsOutOfBounds);
        }
        to.Count(figures.Actions.Count);
        foreach ((string name, OutcomeTally tally) in figures.Actions)
        {
            to.Text(name);
            foreach (long count in (long[])[tally.Shown, tally.Accepted, tally.Declined, tally.Offered, tally.Converted, tally.HeldOut, tally.HeldOutConverted])
                to.Signed(count);
            foreach (decimal value in (decimal[])[tally.Value, tally.HeldOutValue])
                foreach (int bits in decimal.GetBits(value))
                    to.Signed(bits);
        }
    }

    public static DecisionFigures ReadFigures(ref WireReader from)
    {
        var scores = new (string, ScoreReport)[from.Count()];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = (from.Word(), new ScoreReport(
                from.Double(), from.Double(), from.Double(), from.Double(), from.Double(), from.Double(), from.Double(), from.Double(), from.Signed(), from.Flag()));
        var actions = new (string, OutcomeTally)[from.Count()];
        for (int i = 0; i < actions.Length; i++)
            actions[i] = (from.Word(), ReadTally(ref from));
        return new DecisionFigures(scores, actions);
    }

    private static OutcomeTally ReadTally(ref WireReader from) => new()
    {
        // In the order in which they were written.
        Shown = from.Signed(),
        Accepted = from.Signed(),
        Declined = from.Signed(),
        Offered = from.Signed(),
        Converted = from.Signed(),
        HeldOut = from.Signed(),
        HeldOutConverted = from.Signed(),
        Value = ReadDecimal(ref from),
        HeldOutValue = ReadDecimal(ref from),
    };

    private static decimal ReadDecimal(ref WireReader from) => new([(int)from.Signed(), (int)from.Signed(), (int)from.Signed(), (int)from.Signed()]);

    private static void Write(WireWriter to, DecisionRecord decision)
    {
        to.Text(decision.Id);
        to.Text(decision.Customer);
        to.Text(decision.Channel);
        to.Signed(decision.AtMs);
        FactCodec.Write(to, decision.Actions);
        to.Text(decision.Reserved);
        to.Signed(decision.ReservedUntilMs);
        FactCodec.Write(to, decision.Routing);
        to.Bytes(decision.Json);
    }

    private static DecisionRecord ReadDecision(ref WireReader from) => new(
        from.Word(), from.Word(), from.Word(), from.Signed(), FactCodec.ReadActions(ref from), from.Text(), from.Signed(), FactCodec.ReadRouting(ref from), from.Bytes().ToArray());
}
