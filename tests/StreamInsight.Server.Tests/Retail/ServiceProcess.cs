using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace StreamInsight.Testing;

/// <summary><c>streaminsight run</c> as a process of its own, as users start it. Killed at the end, unless it was stopped before.</summary>
public sealed partial class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "streaminsight.dll"), "run", .. arguments])
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("the service ended:\n" + Log));
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>What it has written so far.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts it with <c>--http 127.0.0.1:0</c> and waits until it listens.</summary>
    public static async Task<(ServiceProcess Service, HttpClient Http)> StartAsync(params string[] arguments)
    {
        var service = new ServiceProcess([.. arguments, "--http", "127.0.0.1:0"]);
        try
        {
            var url = await service._listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
            return (service, new HttpClient { BaseAddress = url });
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>As an operator stops it; returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", $"-TERM {_process.Id}");
        await _process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        _log.Enqueue(line);
        if (ListeningOn().Match(line) is { Success: true } match)
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
    }

    [GeneratedRegex(@"Listening on (http://[^ ]+)")]
    private static partial Regex ListeningOn();
}
