using System.Buffers;
using System.Globalization;
using System.Text;
using StreamInsight.Facts;
using Xunit;

namespace StreamInsight.Tests.Facts;

/// <summary>Against what ECMAScript itself wrote, see ecmascript.golden.js.</summary>
public sealed class JsonTests
{
    [Fact]
    public void Numbers_strings_and_instants_are_written_as_ecmascript_writes_them()
    {
        int lines = 0;
        foreach (string line in Golden())
        {
            string[] parts = line.Split(' ');
            var (actual, expected) = parts[0] switch
            {
                "d" => (Written(o => Json.WriteDouble(o, BitConverter.Int64BitsToDouble(long.Parse(parts[1], NumberStyles.HexNumber)))), parts[2]),
                "s" => (Written(o => Json.WriteString(o, Text(parts[1]))), Encoding.UTF8.GetString(Convert.FromHexString(parts[2]))),
                _ => (Written(o => Json.WriteInstant(o, long.Parse(parts[1]))), $"\"{parts[2]}\""),
            };
            Assert.Equal(expected, actual);
            lines++;
        }

        Assert.True(lines > 2000);
    }

    [Fact]
    public void Instant_text_is_the_same_unquoted()
    {
        foreach (string line in Golden().Where(l => l[0] == 't'))
            Assert.Equal(line.Split(' ')[2], InstantText.Of(long.Parse(line.Split(' ')[1])));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_become_replacement_characters() =>
        Assert.Equal("\"a\uFFFD\\n\uFFFD\"", Written(o => Json.WriteString(o, [(byte)'a', 0xff, (byte)'\n', 0xc3])));

    [Theory]
    [InlineData(long.MaxValue, "9223372036854775807")]
    [InlineData(long.MinValue, "-9223372036854775808")]
    [InlineData(0L, "0")]
    public void Whole_numbers_keep_all_their_digits(long number, string expected) => Assert.Equal(expected, Written(o => Json.WriteInt(o, number)));

    internal static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Text(string units) =>
        units == "-" ? "" : string.Concat(Enumerable.Range(0, units.Length / 4).Select(i => (char)int.Parse(units.AsSpan(i * 4, 4), NumberStyles.HexNumber)));

    private static IEnumerable<string> Golden()
    {
        using var reader = new StreamReader(typeof(JsonTests).Assembly.GetManifestResourceStream("ecmascript.golden.txt")!);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
