using Microsoft.Data.Sqlite;
using StreamInsight.Decisions;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>Decisions that were asked for, and the queue each customer is for, as rows.</summary>
internal sealed class DecisionRows(SqliteConnection writer) : IDisposable
{
    private readonly Statement _keep = new(writer, "INSERT OR REPLACE INTO decisions (id, customer, at, body) VALUES (?1, ?2, ?3, ?4)", 4);
    private readonly Statement _forget = new(writer, "DELETE FROM decisions WHERE customer = ?1", 1);
    private readonly Statement _unroute = new(writer, "DELETE FROM routed WHERE customer = ?1", 1);

    private readonly Statement _route = new(
        writer,
        "INSERT INTO routed VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET queue = excluded.queue, score = excluded.score WHERE queue <> excluded.queue OR score <> excluded.score",
        3);

    public void Write(Checkpoint checkpoint)
    {
        foreach (DecisionRecord decision in checkpoint.Changes.Decisions)
            _keep.Run(decision.Id, decision.Customer, decision.AtMs, decision.Json);
        foreach (OutboxFact fact in checkpoint.Facts)
        {
            if (fact.Kind == FactKind.Merged)
                _unroute.Run(fact.Subject);
            if (fact.After is { HasEnded: true })
                _unroute.Run(fact.Customer);
            else if (fact.After is { Routing: { } routing })
                _route.Run(fact.Customer, routing.Queue ?? "", routing.Score);
        }
    }

    /// <summary>Everything here of an erased id; gives its decisions.</summary>
    public long Erase(string id)
    {
        _unroute.Run(id);
        return _forget.Run(id);
    }

    public void Dispose()
    {
        foreach (Statement statement in (Statement[])[_keep, _forget, _unroute, _route])
            statement.Dispose();
    }
}
