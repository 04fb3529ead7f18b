using System.Text;

namespace StreamInsight.Oracle.Language;

/// <summary>The order of strings everywhere: by their UTF-8 bytes.</summary>
public static class Utf8
{
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static int Compare(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
}
