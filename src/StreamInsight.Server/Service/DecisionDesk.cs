using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using StreamInsight.Decisions;
using StreamInsight.Events;
using StreamInsight.Pipeline;
using StreamInsight.Server.Http;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Service;

/// <summary>
/// Where a decision is asked for. The question goes through the log like any message, so the log alone decides and a replay decides the same; the answer comes when what it
/// reserves is durable. A decision is answered again under its id as long as its record is kept, and never made twice. Any thread.
/// </summary>
internal sealed class DecisionDesk(SqliteLog log, SqliteQueries queries, TimeProvider time) : IDecisionDesk
{
    /// <summary>After this time nobody waits any longer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Waiter> _waiting = new(StringComparer.Ordinal);

    /// <summary>
    /// The record of the decision, JSON; null = the message was refused (its customer was erased). Throws <see cref="TimeoutException"/> when it takes too long, which
    /// leaves open whether it is made; <see cref="LogRefusedException"/> when nothing is stored.
    /// </summary>
    /// <param name="id">Its id; the same id is the same decision.</param>
    /// <param name="top">How many actions at most; null = as the model says.</param>
    public async Task<byte[]?> DecideAsync(string id, string customer, string channel, int? top)
    {
        if (queries.ReadDecision(id) is { } before)
            return before;
        var mine = new Waiter();
        Waiter waiter = _waiting.GetOrAdd(id, mine);
        try
        {
            if (waiter == mine)
            {
                mine.Sent(await log.AppendAsync(Message(id, customer, channel, top, time.GetUtcNow())));
                if (log.LastApplied >= mine.Number)
                    mine.Refuse();
            }
            return await waiter.Answer.WaitAsync(Patience, time) ?? queries.ReadDecision(id);
        }
        catch (Exception error) when (waiter == mine && error is not TimeoutException)
        {
            mine.Fail(error); // whoever asked for the same
            throw;
        }
        finally
        {
            if (waiter == mine)
                _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Answers what has become durable.</summary>
    internal void Committed(Checkpoint checkpoint)
    {
        if (_waiting.IsEmpty)
            return;
        foreach (DecisionRecord decision in checkpoint.Changes.Decisions)
        {
            if (_waiting.TryGetValue(decision.Id, out Waiter? waiter))
                waiter.Done(decision.Json);
        }
        long applied = checkpoint.Positions.GetValueOrDefault(SourcePosition.Log);
        foreach (Waiter waiter in _waiting.Values)
        {
            if (waiter.Number <= applied)
                waiter.Refuse();
        }
    }

    /// <summary>The question as a message of the log.</summary>
    internal static byte[] Message(string id, string customer, string channel, int? top, DateTimeOffset at)
    {
        string now = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", "track");
            json.WriteString("event", BuiltInEvents.DecisionRequested);
            json.WriteString("userId", customer);
            json.WriteString("messageId", id);
            json.WriteString("timestamp", now);
            json.WriteStartObject("properties");
            json.WriteString("channel", channel);
            json.WriteString("decision", id);
            if (top is { } most)
                json.WriteNumber("top", most);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return body.ToArray();
    }

    /// <summary>One decision that is awaited.</summary>
    private sealed class Waiter
    {
        private readonly TaskCompletionSource<byte[]?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _number = long.MaxValue;

        public Task<byte[]?> Answer => _answer.Task;

        /// <summary>Of its record in the log.</summary>
        public long Number => Volatile.Read(ref _number);

        public void Sent(long number) => Volatile.Write(ref _number, number);

        public void Done(byte[] record) => _answer.TrySetResult(record);

        /// <summary>Its message was applied and no decision was made of it.</summary>
        public void Refuse() => _answer.TrySetResult(null);

        public void Fail(Exception error) => _answer.TrySetException(error);
    }
}
