using System.Buffers;

namespace StreamInsight.Facts;

/// <summary>JSON exactly as ECMAScript's <c>JSON.stringify</c> writes it, as UTF-8.</summary>
public static class Json
{
    /// <summary>A quoted string.</summary>
    public static void WriteString(IBufferWriter<byte> output, string text) => throw new NotImplementedException();

    /// <summary>A quoted string from unescaped UTF-8; what is not UTF-8 becomes U+FFFD.</summary>
    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8) => throw new NotImplementedException();

    /// <summary>The shortest digits that read back the same, in ECMAScript's notation; non-finite = null.</summary>
    public static void WriteDouble(IBufferWriter<byte> output, double value) => throw new NotImplementedException();

    public static void WriteInt(IBufferWriter<byte> output, long value) => throw new NotImplementedException();

    /// <summary>A quoted UTC instant, <c>"2026-03-01T12:00:00.000Z"</c>.</summary>
    public static void WriteInstant(IBufferWriter<byte> output, long milliseconds) => throw new NotImplementedException();

    /// <summary>Text as it stands: punctuation, keys, JSON that is valid already.</summary>
    public static void WriteRaw(IBufferWriter<byte> output, ReadOnlySpan<byte> json) => output.Write(json);
}
