using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>The real executable, started as a process of its own.</summary>
public sealed partial class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly StringBuilder _printed = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(Process process) => _process = process;

    /// <summary>What it has said on standard error.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    public Uri Url { get; private set; } = null!;

    /// <summary>Starts <c>streaminsight</c> and waits until it listens.</summary>
    public static Task<ServiceProcess> StartAsync(params string[] arguments) => StartAsync(0, arguments);

    /// <summary>The same, so that it leaves the processor to others where there is too little for all.</summary>
    /// <param name="niceness">As <c>nice</c> takes it: 0 = like others, 19 = when nobody else wants to.</param>
    public static async Task<ServiceProcess> StartAsync(int niceness, params string[] arguments)
    {
        ServiceProcess service = Launch(arguments, niceness);
        service._process.EnableRaisingEvents = true;
        service._process.Exited += (_, _) => service._listening.TrySetException(new InvalidOperationException("It ended before it listened: " + service.Said));
        service.Url = await service._listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return service;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        using ServiceProcess command = Launch(arguments);
        await command._process.WaitForExitAsync();
        return (command._process.ExitCode, command.Said);
    }

    /// <summary>Runs a command to its end; with what it printed.</summary>
    public static async Task<(int ExitCode, string Said, string Printed)> RunWholeAsync(params string[] arguments)
    {
        using ServiceProcess command = Launch(arguments);
        await command._process.WaitForExitAsync();
        lock (command._said)
            return (command._process.ExitCode, command.Said, command._printed.ToString());
    }

    /// <summary><c>kill -9</c></summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!;
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>The exit code of a process that ends by itself.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static ServiceProcess Launch(string[] arguments, int niceness = 0)
    {
        string dotnet = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath! : "dotnet";
        string[] command = [dotnet, Path.Combine(AppContext.BaseDirectory, "streaminsight.dll"), .. arguments];
        if (niceness != 0) // of a process that runs, only its first thread would be told; `nice` becomes the process it starts
            command = ["nice", "-n", niceness.ToString(System.Globalization.CultureInfo.InvariantCulture), .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var service = new ServiceProcess(new Process { StartInfo = start });
        service._process.ErrorDataReceived += (_, line) => service.Hear(line.Data);
        service._process.OutputDataReceived += (_, line) =>
        {
            lock (service._said)
                service._printed.AppendLine(line.Data);
        };
        service._process.Start();
        service._process.BeginErrorReadLine();
        service._process.BeginOutputReadLine();
        return service;
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.AppendLine(line);
        if (Listening().Match(line) is { Success: true } match)
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
    }

    [GeneratedRegex(@"[Ll]istening on (http://[^\s,]+)")]
    private static partial Regex Listening();
}
