using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace StreamInsight.Testing;

/// <summary>
/// A real redis-server of the test's own on a free port of this machine, every write on disk before it is answered; killed at the end. Reads go through redis-cli,
/// a client that is not ours.
/// </summary>
public sealed class RedisServer : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("streaminsight-redis-").FullName;
    private readonly string[] _arguments;
    private Process? _process;

    public RedisServer(params string[] arguments)
    {
        _arguments = arguments;
        // Between finding a free port and using it another process may take it.
        for (int tries = 1; ; tries++)
        {
            Port = FreePort();
            if (TryStart())
                return;
            if (tries == 5)
                throw new InvalidOperationException("redis-server does not start. Is it installed? ./insight setup does that.");
        }
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public bool IsRunning => _process is not null;

    /// <summary>The command's answer as JSON.</summary>
    public JsonElement Ask(params string[] command)
    {
        using var process = Process.Start(Cli(["--json", .. command]))!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"redis-cli {string.Join(' ', command)}: {output}");
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>What <c>INFO</c> tells: name → value.</summary>
    public Dictionary<string, string> Info(string section)
    {
        using var process = Process.Start(Cli(["INFO", section]))!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries);
        process.WaitForExit();
        return lines.Where(line => line.Contains(':')).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    /// <summary>Entries of a stream in order, each as field → value.</summary>
    public List<Dictionary<string, string>> Stream(string key) => [.. Ask("XRANGE", key, "-", "+").EnumerateArray().Select(entry =>
    {
        var values = entry[1].EnumerateArray().Select(v => v.GetString()!).ToArray();
        return values.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
    })];

    public Dictionary<string, string> Hash(string key) => Ask("HGETALL", key).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);

    /// <summary>Members of a sorted set with their scores.</summary>
    public Dictionary<string, long> Scores(string key)
    {
        var values = Ask("ZRANGE", key, "0", "-1", "WITHSCORES").EnumerateArray().ToArray();
        // redis-cli gives pairs as arrays, or member and score in turn, by version.
        var flat = values.SelectMany(v => v.ValueKind == JsonValueKind.Array ? v.EnumerateArray().ToArray() : [v]).ToArray();
        return flat.Chunk(2).ToDictionary(p => p[0].GetString()!, p => (long)(p[1].ValueKind == JsonValueKind.Number ? p[1].GetDouble() : double.Parse(p[1].GetString()!)));
    }

    public string[] Keys(string pattern = "*") => [.. Ask("KEYS", pattern).EnumerateArray().Select(k => k.GetString()!).Order(StringComparer.Ordinal)];

    /// <summary>As a crash does.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>On the same port, with what was written before.</summary>
    public void Restart()
    {
        if (!TryStart())
            throw new InvalidOperationException("redis-server did not come back");
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(_directory, recursive: true);
    }

    private bool TryStart()
    {
        var start = new ProcessStartInfo("redis-server") { WorkingDirectory = _directory };
        foreach (string argument in (string[])[
            "--port", $"{Port}", "--bind", "127.0.0.1", "--logfile", "redis.log", "--save", "", "--appendonly", "yes", "--appendfsync", "always", .. _arguments])
            start.ArgumentList.Add(argument);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // not installed
        }
        for (var waited = Stopwatch.StartNew(); !_process.HasExited && waited.Elapsed < TimeSpan.FromSeconds(30); Thread.Sleep(10))
        {
            if (Answers())
                return true;
        }
        Kill();
        return false;
    }

    /// <summary>Anything but "I am still loading" will do: a password may be asked for.</summary>
    private bool Answers()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", Port) { ReceiveTimeout = 1000 };
            client.GetStream().Write("PING\r\n"u8);
            var answer = new byte[64];
            int length = client.GetStream().Read(answer);
            return length > 0 && !answer.AsSpan(0, length).StartsWith("-LOADING"u8);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private ProcessStartInfo Cli(string[] arguments)
    {
        var start = new ProcessStartInfo("redis-cli") { RedirectStandardOutput = true };
        foreach (string argument in (string[])["-p", $"{Port}", .. arguments])
            start.ArgumentList.Add(argument);
        return start;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
