using System.Text;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Http;

/// <summary>Finds the key in a request: Basic authentication (as user name), a bearer token, or <c>X-Write-Key</c>.</summary>
internal static class RequestKey
{
    public static string? Of(HttpRequest request)
    {
        string? header = request.Headers.Authorization;
        if (header is null)
            return request.Headers["X-Write-Key"];
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return header[7..].Trim();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> bytes = stackalloc byte[512];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out int length))
            return null;
        string user = Encoding.UTF8.GetString(bytes[..length]);
        int colon = user.IndexOf(':');
        return colon < 0 ? user : user[..colon];
    }

    /// <summary>True = go on; false = the answer (401, 429) is written.</summary>
    public static ValueTask<bool> RequireAsync(HttpContext context, ApiKeys keys, KeyRole role) => RequireAsync(context, keys, role, Of(context.Request));

    public static async ValueTask<bool> RequireAsync(HttpContext context, ApiKeys keys, KeyRole role, string? key)
    {
        switch (keys.Judge(role, key, out double waitSeconds))
        {
            case KeyVerdict.Allowed:
                return true;
            case KeyVerdict.TooFast:
                context.Response.Headers.RetryAfter = Math.Ceiling(waitSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
                await Problem.WriteAsync(context, 429, "Too many requests.", "This key's rate is used up; Retry-After tells when there is room again.");
                return false;
            default:
                await Problem.WriteAsync(context, 401, "A key is needed.", $"Send a {role.ToString().ToLowerInvariant()} key as the user name of Basic authentication, or as a bearer token.");
                return false;
        }
    }

    /// <summary>Personal data is shown as it is: an admin asked for it, with <c>?unmask=true</c>.</summary>
    public static bool AsksUnmasked(HttpContext context, ApiKeys keys) => context.Request.Query["unmask"] == "true" && keys.IsAdmin(Of(context.Request));
}
