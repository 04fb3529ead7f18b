using StreamInsight.Definitions;
using StreamInsight.Engine;
using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>The contact policy, ready to be asked.</summary>
/// <param name="ChannelConsent">By channel; null entry = nobody has consented to it. The list null = no consent is asked for.</param>
/// <param name="QuietChannels">Channels that are quiet, as a mask.</param>
/// <param name="QuietZone">Null = the model's zone.</param>
public sealed record CompiledPolicy(
    PolicyDefinition Definition,
    IReadOnlyList<Condition?>? ChannelConsent,
    IReadOnlyDictionary<string, Condition> PurposeConsent,
    IReadOnlyList<CompiledCap> Caps,
    ulong QuietChannels,
    Expression? QuietZone,
    string ModelZone)
{
    /// <summary>How long a contact can matter to caps.</summary>
    public long LongestCapMs { get; } = Caps.Count == 0 ? 0 : Caps.Max(cap => cap.WindowMs);
}
