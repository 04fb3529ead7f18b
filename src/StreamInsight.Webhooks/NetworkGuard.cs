using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace StreamInsight.Webhooks;

/// <summary>
/// Keeps webhooks out of networks that only this machine can reach. The address that was looked at is the one connected to, so a name that resolves
/// differently the second time gains nothing.
/// </summary>
public static class NetworkGuard
{
    /// <summary>Why an address is not posted to; null = it may be.</summary>
    public static string? Fault(Uri url, WebhookOptions options)
    {
        if (url.UserInfo.Length > 0)
            return "user and password in the address are not sent; leave them out";
        if (IsThisMachine(url))
            return null;
        if (url.Scheme != Uri.UriSchemeHttps && !options.AllowHttp)
            return "https:// is needed, but for this machine (localhost, 127.0.0.1); or set webhooks.allow_http: true";
        if (!options.AllowPrivate && IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address) && IsPrivate(address))
            return "an address of a private network is refused; or set webhooks.allow_private: true";
        return null;
    }

    /// <summary>The host is written as this machine; a name that resolves to it is not meant.</summary>
    public static bool IsThisMachine(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Anything that is not one machine of the public internet: private, loopback, link-local (cloud metadata), shared, multicast, reserved.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        byte[] b = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return b[0] is 0 or 10 or 127 or >= 224
                || (b[0] == 100 && b[1] is >= 64 and < 128)
                || (b[0] == 169 && b[1] == 254)
                || (b[0] == 172 && b[1] is >= 16 and < 32)
                || (b[0] == 192 && (b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2) || (b[1] == 88 && b[2] == 99)))
                || (b[0] == 198 && (b[1] is 18 or 19 || (b[1] == 51 && b[2] == 100)))
                || (b[0] == 203 && b[1] == 0 && b[2] == 113);
        }
        // Global unicast is 2000::/3; of it, translations into IPv4 (6to4, Teredo) and documentation are left out.
        return (b[0] & 0xE0) != 0x20
            || (b[0] == 0x20 && b[1] == 0x02)
            || (b[0] == 0x20 && b[1] == 0x01 && ((b[2] == 0 && b[3] == 0) || (b[2] == 0x0D && b[3] == 0xB8)));
    }

    internal static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, WebhookOptions options, CancellationToken cancel)
    {
        bool allowAll = options.AllowPrivate || IsThisMachine(context.InitialRequestMessage.RequestUri!);
        IPAddress[] found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
        IPAddress[] allowed = [.. found.Where(address => allowAll || !IsPrivate(address))];
        if (allowed.Length == 0)
            throw new HttpRequestException($"{context.DnsEndPoint.Host} is an address of a private network; webhooks.allow_private: true would allow it");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
