using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace StreamInsight.Server.Http;

/// <summary>One metric: its series by the values of its tags. Any thread.</summary>
internal sealed class MetricFamily
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly string _help;
    private readonly string _type;
    private readonly bool _isObserved;
    private readonly double[]? _bounds;

    private MetricFamily(string name, string type, string help, double[]? bounds, bool isObserved = false)
    {
        Name = name;
        _type = type;
        _help = help.Replace("\\", @"\\").Replace("\n", @"\n");
        _isObserved = isObserved;
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
            ObservableGauge<long> or ObservableGauge<double> or ObservableGauge<int> => new MetricFamily(name, "gauge", help, null, isObserved: true),
            UpDownCounter<long> or UpDownCounter<int> => new MetricFamily(name, "gauge", help, null),
            _ => new MetricFamily(name + "_total", "counter", help, null, isObserved: instrument.IsObservable),
        };
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // The key of one tag is its value, as it is: this is called for every fact.
        string key = tags.Length switch
        {
            0 => "",
            1 => Text(tags[0].Value),
            _ => Labels(tags),
        };
        lock (_gate)
        {
            if (!_series.TryGetValue(key, out Series? series))
                _series[key] = series = new Series(Labels(tags), _bounds);
            series.Record(value);
        }
    }

    /// <summary>Before what is observed is read anew: what is gone should not stay, and what several observe is added up.</summary>
    public void Begin()
    {
        if (!_isObserved)
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
            foreach (Series series in _series.Values)
            {
                if (_bounds is null)
                    Line(text, Name, series.Labels, series.Sum);
                else
                    WriteHistogram(text, series.Labels, series);
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

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach ((string name, object? value) in tags)
        {
            if (Text(value) is { Length: > 0 } tag)
                text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"").Append(Escape(tag)).Append('"');
        }
        return text.ToString();
    }

    private static string Text(object? tag) => tag as string ?? Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "";

    private static string Escape(string tag) => tag.Replace("\\", @"\\").Replace("\"", "\\\"").Replace("\n", @"\n");

    private sealed class Series(string labels, double[]? bounds)
    {
        public string Labels => labels;

        public double Sum { get; private set; }

        public long[] Buckets { get; } = new long[(bounds?.Length ?? 0) + 1];

        public void Record(double value)
        {
            Sum += value;
            if (bounds is null)
                return;
            int bucket = 0;
            while (bucket < bounds.Length && value > bounds[bucket])
                bucket++;
            Buckets[bucket]++;
        }
    }
}
