using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace StreamInsight.Bench.Micro;

/// <summary>Runs the micro benchmarks in this process: the project needs no second build, and rounds are short.</summary>
internal static class MicroBenchmarks
{
    public static void Run(string[] options)
    {
        var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(9).WithWarmupCount(5);
        BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly).Run(options.Length > 0 ? options : ["--filter", "*"], DefaultConfig.Instance.AddJob(job).WithArtifactsPath(Path.Combine(Path.GetTempPath(), "streaminsight-bench")));
    }
}
