using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace StreamInsight.Server.Http;

/// <summary>One metric: its series by their tags. Any thread.</summary>
internal sealed class MetricFamily
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly string _help;
    private readonly string _type;
    private readonly bool _isGauge;
    private readonly bool _isAbsolute;
    private readonly double[]? _bounds;

    private MetricFamily(string name, string type, string help, double[]? bounds, bool isAbsolute = false)
    {
        Name = name;
        _isAbsolute = isAbsolute;
        _type = type;
        _help = help.Replace("\\", @"\\").Replace("\n", @"\n");
        _isGauge = type == "gauge";
        _bounds = bounds;
    }

    public string Name { get; }

    public static MetricFamily For(Instrument instrument)
    {
        string name = instrument.Name.Replace('-', '_').Replace('.', '_'), help = instrument.Description ?? instrument.Name;
        return instrument switch
        {
            Histogram<double> histogram => new MetricFamily(name, "histogram", help, [.. histogram.Advice?.HistogramBucketBoundaries ?? []]),
            Histogram<long> or Histogram<int> => new MetricFamily(name, "histogram", help, []),
            ObservableGauge<long> or ObservableGauge<double> or ObservableGauge<int> => new MetricFamily(name, "gauge", help, null, isAbsolute: true),
            UpDownCounter<long> or UpDownCounter<int> => new MetricFamily(name, "gauge", help, null),
            _ => new MetricFamily(name + "_total", "counter", help, null, isAbsolute: instrument.IsObservable),
        };
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string tag = Label(tags);
        lock (_gate)
        {
            if (!_series.TryGetValue(tag, out Series? series))
                _series[tag] = series = new Series(_bounds);
            series.Record(value, _isAbsolute);
        }
    }

    /// <summary>Before gauges are read anew: what is gone should not stay.</summary>
    public void Begin()
    {
        if (!_isGauge || !_isAbsolute)
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
                string label = tag;
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

    /// <summary>As it stands between the braces.</summary>
    private static string Label(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string label = "";
        foreach ((string key, object? value) in tags)
        {
            if (value?.ToString() is { Length: > 0 } text)
                label += $"{(label.Length == 0 ? "" : ",")}{key.Replace('-', '_').Replace('.', '_')}=\"{Escape(text)}\"";
        }
        return label;
    }

    private static string Escape(string tag) => tag.Replace("\\", @"\\").Replace("\"", "\\\"").Replace("\n", @"\n");

    private sealed class Series(double[]? bounds)
    {
        public double Sum { get; private set; }

        public long[] Buckets { get; } = new long[(bounds?.Length ?? 0) + 1];

        public void Record(double value, bool isAbsolute)
        {
            Sum = isAbsolute ? value : Sum + value;
            if (bounds is null)
                return;
            int bucket = 0;
            while (bucket < bounds.Length && value > bounds[bucket])
                bucket++;
            Buckets[bucket]++;
        }
    }
}
