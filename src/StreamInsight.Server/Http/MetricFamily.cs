using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace StreamInsight.Server.Http;

/// <summary>One metric: its series by the value of its one tag. Any thread.</summary>
internal sealed class MetricFamily
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly string _help;
    private readonly string _type;
    private readonly bool _isGauge;
    private readonly double[]? _bounds;
    private string? _label;

    private MetricFamily(string name, string type, string help, double[]? bounds)
    {
        Name = name;
        _type = type;
        _help = help.Replace("\\", @"\\").Replace("\n", @"\n");
        _isGauge = type == "gauge";
        _bounds = bounds;
    }

    public string Name { get; }

    public static MetricFamily For(Instrument instrument)
    {
        string help = instrument.Description ?? instrument.Name;
        return instrument switch
        {
            Histogram<double> histogram => new MetricFamily(instrument.Name, "histogram", help, [.. histogram.Advice?.HistogramBucketBoundaries ?? []]),
            ObservableGauge<long> or ObservableGauge<double> => new MetricFamily(instrument.Name, "gauge", help, null),
            _ => new MetricFamily(instrument.Name + "_total", "counter", help, null),
        };
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string tag = "";
        if (tags.Length > 0)
        {
            _label ??= tags[0].Key;
            tag = tags[0].Value as string ?? "";
        }
        lock (_gate)
        {
            if (!_series.TryGetValue(tag, out Series? series))
                _series[tag] = series = new Series(_bounds);
            series.Record(value, _isGauge);
        }
    }

    /// <summary>Before gauges are read anew: what is gone should not stay.</summary>
    public void Begin()
    {
        if (!_isGauge)
            return;
        lock (_gate)
            _series.Clear();
    }

    public void Write(StringBuilder text)
    {
        lock (_gate)
        {
            if (_series.Count == 0)
                return;
            text.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append("\n# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
            foreach ((string tag, Series series) in _series)
            {
                string label = tag.Length == 0 ? "" : $"{_label}=\"{Escape(tag)}\"";
                if (_bounds is null)
                    Line(text, Name, label, series.Sum);
                else
                    WriteHistogram(text, label, series);
            }
        }
    }

    private void WriteHistogram(StringBuilder text, string label, Series series)
    {
        string more = label.Length == 0 ? "" : label + ",";
        long count = 0;
        for (int i = 0; i < _bounds!.Length; i++)
        {
            count += series.Buckets[i];
            Line(text, Name + "_bucket", $"{more}le=\"{Number(_bounds[i])}\"", count);
        }
        count += series.Buckets[^1];
        Line(text, Name + "_bucket", $"{more}le=\"+Inf\"", count);
        Line(text, Name + "_sum", label, series.Sum);
        Line(text, Name + "_count", label, count);
    }

    private static void Line(StringBuilder text, string name, string label, double value)
    {
        text.Append(name);
        if (label.Length > 0)
            text.Append('{').Append(label).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string tag) => tag.Replace("\\", @"\\").Replace("\"", "\\\"").Replace("\n", @"\n");

    private sealed class Series(double[]? bounds)
    {
        public double Sum { get; private set; }

        public long[] Buckets { get; } = new long[(bounds?.Length ?? 0) + 1];

        public void Record(double value, bool isGauge)
        {
            Sum = isGauge ? value : Sum + value;
            if (bounds is null)
                return;
            int bucket = 0;
            while (bucket < bounds.Length && value > bounds[bucket])
                bucket++;
            Buckets[bucket]++;
        }
    }
}
