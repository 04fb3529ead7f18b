using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace StreamInsight.Server.Http;

/// <summary>The few figures of the process that every Prometheus dashboard knows by these names.</summary>
internal static class ProcessMetrics
{
    public static void Write(StringBuilder text)
    {
        using var process = Process.GetCurrentProcess();
        Line("process_cpu_seconds_total", "counter", "Processor time used.", process.TotalProcessorTime.TotalSeconds);
        Line("process_resident_memory_bytes", "gauge", "Memory in RAM.", process.WorkingSet64);
        Line("process_start_time_seconds", "gauge", "Start of the process since 1970.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        Line("dotnet_gc_heap_bytes", "gauge", "Managed heap after the last collection.", GC.GetGCMemoryInfo().HeapSizeBytes);
        Line("dotnet_gc_pause_seconds_total", "counter", "Time the collector has stopped all threads.", GC.GetTotalPauseDuration().TotalSeconds);
        Line("dotnet_gc_allocated_bytes_total", "counter", "Memory allocated so far.", GC.GetTotalAllocatedBytes());

        void Line(string name, string type, string help, double value) =>
            text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n')
                .Append(name).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
