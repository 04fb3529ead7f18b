using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace StreamInsight.Bench.Live;

/// <summary>A program that the bench runs beside itself. Ended with SIGTERM, and killed when it takes too long.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Queue<string> _said = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(string[] command, int port, string readyLine)
    {
        Port = port;
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data, readyLine);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data, readyLine);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"{string.Join(' ', command)} ended:\n{Said}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens on the loopback address.</summary>
    public int Port { get; }

    /// <summary>User and system time so far, all threads.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public long PeakBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    private string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    /// <summary>Starts it and waits for the line that says it is ready.</summary>
    public static async Task<ChildProcess> StartAsync(string[] command, int port, string readyLine)
    {
        var child = new ChildProcess(command, port, readyLine);
        await child._ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return child;
    }

    public static int FreePort()
    {
        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using Process signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await _process.WaitForExitAsync(patience.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            if (!_process.HasExited)
                _process.Kill();
        }
        _process.Dispose();
    }

    private void Hear(string? line, string readyLine)
    {
        if (line is null)
            return;
        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > 50)
                _said.Dequeue();
        }
        if (line.Contains(readyLine, StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
