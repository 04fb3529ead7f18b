using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace StreamInsight.Redis.State;

/// <summary>A script that is asked for by its hash, and sent where Redis does not know it (yet, or any more). Any thread.</summary>
internal sealed class StateScript(string text)
{
    public static readonly StateScript Commit = new(StateScripts.Commit);
    public static readonly StateScript Identify = new(StateScripts.Identify);
    public static readonly StateScript ReadList = new(StateScripts.ReadList);
    public static readonly StateScript FindFacts = new(StateScripts.FindFacts);
    public static readonly StateScript ReadFactsOf = new(StateScripts.ReadFactsOf);
    public static readonly StateScript ReadTimers = new(StateScripts.ReadTimers);
    public static readonly StateScript CountStages = new(StateScripts.CountStages);
    public static readonly StateScript ReadStanding = new(StateScripts.ReadStanding);

#pragma warning disable CA5350 // the name Redis gives a script
    private readonly byte[] _hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, arguments).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.Contains("NOSCRIPT", StringComparison.Ordinal))
        {
            return await database.ExecuteAsync("EVAL", [text, keys.Length, .. keys.Cast<object>(), .. arguments.Cast<object>()]).ConfigureAwait(false);
        }
    }
}
