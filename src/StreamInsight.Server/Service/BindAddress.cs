using System.Net;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Service;

/// <summary>Where HTTP may listen.</summary>
internal static class BindAddress
{
    /// <summary>The address to listen on; null = HTTP is off. Without keys only loopback will do.</summary>
    public static IPEndPoint? Check(InsightOptions.HttpOptions http)
    {
        if (http.Bind is null)
            return null;
        if (!TryParse(http.Bind, out IPEndPoint? address))
            throw new WrongInputException($"http: {http.Bind} is given; allowed is an address and a port, such as 127.0.0.1:8080, localhost:8080 or 0.0.0.0:8080.");
        if (http.Keys.Count == 0 && !IPAddress.IsLoopback(address!.Address))
            throw new WrongInputException($"http: without keys it listens on this machine only, not on {http.Bind}. Configure keys (see docs/operations.md), or bind 127.0.0.1:{address.Port}.");
        return address;
    }

    private static bool TryParse(string text, out IPEndPoint? address)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text[(colon + 1)..], out ushort port))
            return false;
        string host = text[..colon];
        if (host == "localhost")
            address = new IPEndPoint(IPAddress.Loopback, port);
        else if (host is "*" or "")
            address = new IPEndPoint(IPAddress.IPv6Any, port);
        else if (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? ip))
            address = new IPEndPoint(ip, port);
        return address is not null;
    }
}
