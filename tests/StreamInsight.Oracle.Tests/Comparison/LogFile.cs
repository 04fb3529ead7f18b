namespace StreamInsight.Oracle.Comparison;

/// <summary>A log as lines of bytes, without line ends.</summary>
public static class LogFile
{
    public static List<byte[]> Lines(byte[] text)
    {
        var lines = new List<byte[]>();
        for (var start = 0; start < text.Length;)
        {
            var end = Array.IndexOf(text, (byte)'\n', start);
            if (end < 0) end = text.Length;
            lines.Add(text[start..end]);
            start = end + 1;
        }
        return lines;
    }

    public static byte[] Text(IEnumerable<byte[]> lines) => lines.SelectMany(l => l.Append((byte)'\n')).ToArray();
}
