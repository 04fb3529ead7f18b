namespace StreamInsight.Deploy.Tests.Setting;

/// <summary>The metrics that the source names.</summary>
internal static class Metrics
{
    private static readonly Lazy<string> Source = new(() => string.Concat(
        Directory.GetFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText).Where(text => text.Contains(".Create", StringComparison.Ordinal))));

    /// <summary>A counter ends in _total, the parts of a histogram in _bucket, _sum and _count: neither stands in the source.</summary>
    public static bool Exists(string metric) =>
        new[] { "", "_total", "_bucket", "_sum", "_count" }.Where(end => metric.EndsWith(end, StringComparison.Ordinal))
            .Any(end => Source.Value.Contains($"\"{metric[..^end.Length]}\"", StringComparison.Ordinal));
}
