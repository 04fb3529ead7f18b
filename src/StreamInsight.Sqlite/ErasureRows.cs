using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Sqlite;

/// <summary>Erasures and tombstones as rows, and what an erasure removes in its commit.</summary>
internal sealed class ErasureRows(SqliteConnection writer, SqliteConnection reader, DecisionRows decisions) : IDisposable
{
    private readonly Statement _bury = new(writer, "INSERT OR REPLACE INTO tombstones VALUES (?1, ?2)", 2);
    private readonly Statement _dig = new(writer, "DELETE FROM tombstones WHERE until <= ?1", 1);
    private readonly Statement _keep = new(writer, "INSERT OR REPLACE INTO erasures VALUES (?1, ?2, ?3, ?4)", 4);
    private readonly Statement _forget = new(writer, "DELETE FROM erasures WHERE until <= ?1 AND pending = 0", 1);
    private readonly Statement _facts = new(writer, "DELETE FROM facts WHERE customer = ?1 AND cause <> 'erase'", 1);
    private readonly Statement _members = new(writer, "DELETE FROM members WHERE customer = ?1", 1);
    private readonly Statement _aside = new(writer, "DELETE FROM quarantine WHERE id = ?1", 1);

    /// <summary>
    /// The facts that tell of an erasure stay, for sinks that have not taken them. Everything that is kept by customer in further tables is to be removed here.
    /// </summary>
    public void Write(Checkpoint checkpoint)
    {
        foreach (Tombstone tombstone in checkpoint.Changes.Tombstones)
            _bury.Run(Bytes(tombstone.Digest), tombstone.UntilMs);
        foreach (Erasure erasure in checkpoint.Erasures)
        {
            long facts = 0, decided = 0;
            foreach (string id in erasure.Ids)
            {
                facts += _facts.Run(id);
                // Nobody could tell which segments a customer that was set aside leaves.
                if (_aside.Run(id) > 0)
                    _members.Run(id);
                decided += decisions.Erase(id);
            }
            Keep(erasure.With("facts", facts).With("decisions", decided));
        }
        foreach (Erasure erasure in checkpoint.ErasureProgress)
            Keep(erasure);
        if (checkpoint.TombstonesOverMs > 0)
        {
            _dig.Run(checkpoint.TombstonesOverMs);
            _forget.Run(checkpoint.TombstonesOverMs);
        }
    }

    public IReadOnlyList<Tombstone> LoadTombstones()
    {
        using var all = new Statement(reader, "SELECT digest, until FROM tombstones", 0);
        using SqliteDataReader row = all.Query();
        var tombstones = new List<Tombstone>();
        while (row.Read())
            tombstones.Add(new Tombstone(BinaryPrimitives.ReadUInt128BigEndian(row.GetFieldValue<byte[]>(0)), row.GetInt64(1)));
        return tombstones;
    }

    public Erasure? Load(UInt128 digest)
    {
        using var one = new Statement(reader, "SELECT body FROM erasures WHERE digest = ?1", 1);
        return one.Scalar(Bytes(digest)) is string body ? Read(body) : null;
    }

    public IReadOnlyList<Erasure> LoadPending()
    {
        using var all = new Statement(reader, "SELECT body FROM erasures WHERE pending > 0", 0);
        using SqliteDataReader row = all.Query();
        var erasures = new List<Erasure>();
        while (row.Read())
            erasures.Add(Read(row.GetString(0)));
        return erasures;
    }

    public void Dispose()
    {
        foreach (Statement statement in (Statement[])[_bury, _dig, _keep, _forget, _facts, _members, _aside])
            statement.Dispose();
    }

    private void Keep(Erasure erasure) =>
        _keep.Run(Bytes(erasure.Digest), erasure.UntilMs, erasure.Pending.Count, JsonSerializer.Serialize(erasure, ErasureJson.Default.Erasure));

    private static Erasure Read(string body) => JsonSerializer.Deserialize(body, ErasureJson.Default.Erasure)!;

    private static byte[] Bytes(UInt128 digest)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, digest);
        return bytes;
    }
}
