using System.Globalization;

namespace StreamInsight.Fuzz;

/// <summary>A reader with one kind of trouble, behind a word of its format; for the fuzzer's own test.</summary>
internal sealed class BrokenTarget(string trouble) : IFuzzTarget
{
    private int _reads;

    public string Name => "broken";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. "aaaa,bbbb"u8.ToArray().Chunk(5)];

    public IReadOnlyList<byte[]> Words { get; } = ["zzz"u8.ToArray()];

    public int MaxBytes => 1000;

    public string Read(byte[] input)
    {
        _reads++;
        if (input.AsSpan().IndexOf("zzz"u8) < 0)
            return "";
        switch (trouble)
        {
            case "throws":
                throw new NotSupportedException();
            case "hangs":
                Thread.Sleep(110);
                break;
            case "hoards":
                GC.KeepAlive(new byte[100 << 20]);
                break;
            case "wavers":
                return _reads.ToString(CultureInfo.InvariantCulture);
        }
        return "";
    }
}
