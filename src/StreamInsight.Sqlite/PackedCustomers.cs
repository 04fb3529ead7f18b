using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>
/// The customers of one commit in one blob, one after the other: length and UTF-8 of the id; 1 byte, 0 = removed (ends there) or 1; due as 8 bytes;
/// length and UTF-8 of the stage plus one, 0 = none; length and bytes of the state. Lengths are 4 bytes, all numbers little-endian.
/// </summary>
internal static class PackedCustomers
{
    public static byte[] Pack(HostChanges changes)
    {
        var blob = new ArrayBufferWriter<byte>(4096);
        foreach (CustomerRow row in changes.Customers)
        {
            WriteText(blob, row.Id, 0);
            Span<byte> head = blob.GetSpan(9);
            head[0] = 1;
            BinaryPrimitives.WriteInt64LittleEndian(head[1..], row.NextTimerMs);
            blob.Advance(9);
            if (row.Stage is null)
                WriteLength(blob, 0);
            else
                WriteText(blob, row.Stage, 1);
            WriteLength(blob, row.State.Length);
            blob.Write(row.State.Span);
        }
        foreach (string id in changes.RemovedCustomers)
        {
            WriteText(blob, id, 0);
            blob.GetSpan(1)[0] = 0;
            blob.Advance(1);
        }
        return blob.WrittenSpan.ToArray();
    }

    /// <summary>The rows in order; a row whose state is empty was removed. States are slices of the blob.</summary>
    public static IEnumerable<CustomerRow> Unpack(byte[] blob)
    {
        int at = 0;
        while (at < blob.Length)
        {
            int idLength = ReadLength(blob, ref at);
            string id = Encoding.UTF8.GetString(blob, at, idLength);
            at += idLength;
            if (blob[at++] == 0)
            {
                yield return new CustomerRow(id, long.MaxValue, null, default);
                continue;
            }
            long due = BinaryPrimitives.ReadInt64LittleEndian(blob.AsSpan(at));
            at += 8;
            string? stage = null;
            int stageLength = ReadLength(blob, ref at);
            if (stageLength > 0)
            {
                stage = Encoding.UTF8.GetString(blob, at, stageLength - 1);
                at += stageLength - 1;
            }
            int stateLength = ReadLength(blob, ref at);
            yield return new CustomerRow(id, due, stage, blob.AsMemory(at, stateLength));
            at += stateLength;
        }
    }

    private static void WriteText(ArrayBufferWriter<byte> blob, string text, int plus)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        WriteLength(blob, length + plus);
        Encoding.UTF8.GetBytes(text, blob.GetSpan(length));
        blob.Advance(length);
    }

    private static void WriteLength(ArrayBufferWriter<byte> blob, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(blob.GetSpan(4), length);
        blob.Advance(4);
    }

    private static int ReadLength(byte[] blob, ref int at)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(blob.AsSpan(at));
        at += 4;
        return length;
    }
}
