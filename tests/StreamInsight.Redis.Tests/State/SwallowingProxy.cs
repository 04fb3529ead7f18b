using System.Net;
using System.Net.Sockets;

namespace StreamInsight.Redis.State;

/// <summary>Stands between a client and Redis, and can keep Redis' answers to itself or cut every connection.</summary>
public sealed class SwallowingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _open = [];
    private readonly int _port;

    public SwallowingProxy(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Redis does what it is told, and nobody hears of it.</summary>
    public volatile bool SwallowsAnswers;

    public void Cut()
    {
        lock (_open)
        {
            foreach (TcpClient client in _open)
                client.Close();
            _open.Clear();
        }
    }

    public void Dispose()
    {
        _listener.Stop();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(), redis = new();
                await redis.ConnectAsync(IPAddress.Loopback, _port);
                lock (_open)
                    _open.AddRange([client, redis]);
                _ = PumpAsync(client, redis, isAnswers: false);
                _ = PumpAsync(redis, client, isAnswers: true);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was told to stop.
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isAnswers)
    {
        byte[] buffer = new byte[65536];
        try
        {
            int length;
            while ((length = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                if (!isAnswers || !SwallowsAnswers)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone: so is the other.
        }
        from.Close();
        to.Close();
    }
}
