using System.Net.Sockets;
using StreamInsight.Pipeline;
using StreamInsight.Redis;

namespace StreamInsight.Server.Demo;

/// <summary>
/// Which Redis the demo delivers to, if any. It starts with none of its own old keys, whose numbers would be higher than those to come, and never touches
/// the keys of an installation.
/// </summary>
internal static class DemoRedis
{
    public const string UsualAddress = "127.0.0.1:6379";

    /// <summary>How to reach it, cleared and marked, or null; and a line about it. Throws when Redis was asked for and cannot be used.</summary>
    public static async Task<(RedisOptions? Redis, string Place)> OpenAsync(DemoOptions options, bool goesOn, CancellationToken cancel)
    {
        if (options.WithoutRedis)
            return (null, "Redis: not wanted");
        if (options.Redis is null && !await AnswersAsync(UsualAddress, cancel))
            return (null, $"Redis: none at {UsualAddress}");
        var redis = new RedisOptions { Address = options.Redis ?? UsualAddress };
        try
        {
            await PrepareAsync(redis, goesOn, cancel);
            return (redis, $"Redis: {redis.Address}");
        }
        catch (Exception error) when (options.Redis is null && error is DependencyUnavailableException or WrongInputException)
        {
            return (null, "Redis: not used. " + error.Message);
        }
    }

    private static async Task PrepareAsync(RedisOptions redis, bool goesOn, CancellationToken cancel)
    {
        using var mark = new RedisDemoMark(redis);
        var use = await mark.LookAsync(cancel);
        if (use == RedisPrefixUse.Installation)
            throw new WrongInputException(
                $"Redis at {redis.Address} holds keys with the prefix {redis.Prefix} that are not a demo's. Name another Redis with --redis, or run without: --redis none.");
        if (use == RedisPrefixUse.Demo && !goesOn)
        {
            await using var old = new RedisFactSink(redis);
            await old.ClearAsync(cancel);
        }
        await mark.SetAsync(cancel);
    }

    private static async Task<bool> AnswersAsync(string address, CancellationToken cancel)
    {
        using var socket = new TcpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromMilliseconds(500));
        try
        {
            var colon = address.LastIndexOf(':');
            await socket.ConnectAsync(address[..colon], int.Parse(address[(colon + 1)..]), patience.Token);
            return true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return false;
        }
    }
}
