using System.Buffers.Binary;
using System.Text;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>
/// The customers of one commit in one blob, one after the other: length and UTF-8 of the id; 1 byte, 0 = removed (ends there) or 1; due as 8 bytes;
/// length and UTF-8 of the stage plus one, 0 = none; length and bytes of the state. Lengths are 4 bytes, all numbers little-endian.
/// Reused from commit to commit.
/// </summary>
internal sealed class PackedCustomers
{
    private byte[] _blob = new byte[64 * 1024];
    private int _length;

    public ReadOnlySpan<byte> Blob => _blob.AsSpan(0, _length);

    /// <summary>The rows in order. A state is never empty.</summary>
    public List<PackedCustomer> Rows { get; } = [];

    public void Pack(HostChanges changes)
    {
        _length = 0;
        Rows.Clear();
        foreach (CustomerRow row in changes.Customers)
        {
            WriteText(row.Id, 0);
            Reserve(9);
            _blob[_length] = 1;
            BinaryPrimitives.WriteInt64LittleEndian(_blob.AsSpan(_length + 1), row.NextTimerMs);
            _length += 9;
            if (row.Stage is null)
                WriteLength(0);
            else
                WriteText(row.Stage, 1);
            WriteLength(row.State.Length);
            Reserve(row.State.Length);
            row.State.Span.CopyTo(_blob.AsSpan(_length));
            Rows.Add(new PackedCustomer(row.Id, row.NextTimerMs, row.Stage, _length, row.State.Length));
            _length += row.State.Length;
        }
        foreach (string id in changes.RemovedCustomers)
        {
            WriteText(id, 0);
            Reserve(1);
            _blob[_length++] = 0;
            Rows.Add(new PackedCustomer(id, long.MaxValue, null, 0, 0));
        }
    }

    /// <summary>The rows of a stored blob, in order.</summary>
    public static List<PackedCustomer> Unpack(ReadOnlySpan<byte> blob)
    {
        var rows = new List<PackedCustomer>();
        int at = 0;
        while (at < blob.Length)
        {
            string id = ReadText(blob, ref at, ReadLength(blob, ref at));
            if (blob[at++] == 0)
            {
                rows.Add(new PackedCustomer(id, long.MaxValue, null, 0, 0));
                continue;
            }
            long due = BinaryPrimitives.ReadInt64LittleEndian(blob[at..]);
            at += 8;
            int stageLength = ReadLength(blob, ref at);
            string? stage = stageLength == 0 ? null : ReadText(blob, ref at, stageLength - 1);
            int stateLength = ReadLength(blob, ref at);
            rows.Add(new PackedCustomer(id, due, stage, at, stateLength));
            at += stateLength;
        }
        return rows;
    }

    private void WriteText(string text, int plus)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        WriteLength(length + plus);
        Reserve(length);
        _length += Encoding.UTF8.GetBytes(text, _blob.AsSpan(_length));
    }

    private void WriteLength(int length)
    {
        Reserve(4);
        BinaryPrimitives.WriteInt32LittleEndian(_blob.AsSpan(_length), length);
        _length += 4;
    }

    private void Reserve(int bytes)
    {
        if (_blob.Length - _length < bytes)
            Array.Resize(ref _blob, Math.Max(2 * _blob.Length, _length + bytes));
    }

    private static string ReadText(ReadOnlySpan<byte> blob, ref int at, int length)
    {
        string text = Encoding.UTF8.GetString(blob.Slice(at, length));
        at += length;
        return text;
    }

    private static int ReadLength(ReadOnlySpan<byte> blob, ref int at)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(blob[at..]);
        at += 4;
        return length;
    }
}
