namespace StreamInsight.Server.Configuration;

/// <summary>
/// Judges keys: compares hashes in constant time and always against all of them, so that neither text nor number of keys shows in the time; and counts each key's
/// requests against its rate. Any thread.
/// </summary>
public sealed class ApiKeys
{
    private readonly IReadOnlyList<ApiKey> _keys;
    private readonly TokenBucket?[] _buckets;
    private readonly TimeProvider _time;

    /// <param name="rate">Requests a second of keys that have no rate of their own; 0 = no limit.</param>
    /// <param name="burst">Requests that may come at once; 0 = twice the rate.</param>
    public ApiKeys(IReadOnlyList<ApiKey> keys, int rate = 0, int burst = 0, TimeProvider? time = null)
    {
        _keys = keys;
        _time = time ?? TimeProvider.System;
        _buckets = [.. keys.Select(key => (key.Rate ?? rate) is var own and > 0 ? new TokenBucket(own, burst > 0 && key.Rate is null ? burst : 2 * own, _time) : null)];
    }

    /// <summary>There are none: the server is for this machine only.</summary>
    public bool AreOff => _keys.Count == 0;

    public bool Allows(KeyRole need, string? key) => Judge(need, key, out _) == KeyVerdict.Allowed;

    /// <param name="waitSeconds">When it came too fast: until the next may come.</param>
    public KeyVerdict Judge(KeyRole need, string? key, out double waitSeconds)
    {
        waitSeconds = 0;
        if (AreOff)
            return KeyVerdict.Allowed;
        int found = -1;
        for (int i = 0; i < _keys.Count; i++)
        {
            if (_keys[i].Is(key ?? "") & (_keys[i].Role == need | _keys[i].Role == KeyRole.Admin))
                found = i;
        }
        if (found < 0 || key is null)
            return KeyVerdict.Refused;
        waitSeconds = _buckets[found]?.Take() ?? 0;
        return waitSeconds > 0 ? KeyVerdict.TooFast : KeyVerdict.Allowed;
    }

    /// <summary>It may do everything; does not count as a request. Without keys everybody may.</summary>
    public bool IsAdmin(string? key)
    {
        bool admin = AreOff;
        foreach (ApiKey known in _keys)
            admin |= known.Is(key ?? "") & known.Role == KeyRole.Admin;
        return admin;
    }
}
