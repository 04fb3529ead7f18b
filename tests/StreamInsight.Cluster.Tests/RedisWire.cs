using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace StreamInsight.Cluster.Tests;

/// <summary>Redis's protocol, plain: many commands at once, and their answers. A client that is not the product's.</summary>
public sealed class RedisWire : IDisposable
{
    private readonly TcpClient _client;
    private readonly BufferedStream _stream;

    public RedisWire(int port)
    {
        _client = new TcpClient("127.0.0.1", port) { NoDelay = true };
        _stream = new BufferedStream(_client.GetStream(), 1 << 16);
    }

    /// <summary>An answer is a string, null, or a list of answers.</summary>
    public object?[] Ask(params string[][] commands)
    {
        var text = new StringBuilder();
        foreach (string[] command in commands)
        {
            text.Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
            foreach (string part in command)
                text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        }
        _stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
        _stream.Flush();
        return [.. commands.Select(_ => Read())];
    }

    public object? AskOne(params string[] command) => Ask([command])[0];

    public Dictionary<string, string> Hash(string key) => Flat(AskOne("HGETALL", key));

    /// <summary>Entries of a stream in order, a page at a time.</summary>
    public IEnumerable<Dictionary<string, string>> Stream(string key)
    {
        for (string from = "-"; ;)
        {
            var page = (object?[])AskOne("XRANGE", key, from, "+", "COUNT", "5000")!;
            foreach (object?[] entry in page.Cast<object?[]>())
            {
                yield return Flat(entry[1]);
                from = "(" + (string)entry[0]!;
            }
            if (page.Length == 0)
                yield break;
        }
    }

    public HashSet<string> Members(string sortedSet) => [.. ((object?[])AskOne("ZRANGE", sortedSet, "0", "-1")!).Cast<string>()];

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private static Dictionary<string, string> Flat(object? answer) =>
        ((object?[])answer!).Cast<string>().Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);

    private object? Read()
    {
        string line = Line();
        string rest = line[1..];
        switch (line[0])
        {
            case '$':
                return rest == "-1" ? null : Bulk(int.Parse(rest, CultureInfo.InvariantCulture));
            case '*':
                return rest == "-1" ? null : Enumerable.Range(0, int.Parse(rest, CultureInfo.InvariantCulture)).Select(_ => Read()).ToArray();
            case '-':
                throw new InvalidOperationException("Redis: " + rest);
            default:
                return rest;
        }
    }

    private string Bulk(int length)
    {
        var bytes = new byte[length + 2];
        _stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private string Line()
    {
        var text = new StringBuilder();
        while (true)
        {
            int next = _stream.ReadByte();
            if (next < 0)
                throw new EndOfStreamException();
            if (next == '\n')
                return text.ToString(0, text.Length - 1);
            text.Append((char)next);
        }
    }
}
