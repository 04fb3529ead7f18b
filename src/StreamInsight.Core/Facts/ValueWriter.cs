using System.Buffers;
using StreamInsight.Expressions;

namespace StreamInsight.Facts;

/// <summary>Values as JSON: times as strings in ISO form with milliseconds, durations as CEL's string() of them, errors and non-finite numbers as null.</summary>
public static class ValueWriter
{
    public static void Write(in Value value, IBufferWriter<byte> output) => throw new NotImplementedException();
}
