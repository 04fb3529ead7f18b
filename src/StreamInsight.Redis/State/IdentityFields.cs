using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis.State;

/// <summary>The hash that says whose state it is; of the cluster, and of each partition.</summary>
internal static class IdentityFields
{
    public const string Generation = "generation", Writer = "writer", Secret = "secret", Commit = "commit", Facts = "facts", Dead = "dead", Handovers = "handovers";

    private const string Layout = "layout", State = "state_version", Group = "group", Partitions = "partitions", Model = "model", ModelLayout = "model_layout";

    private const int Attempts = 20;

    /// <summary>
    /// Makes the hash ours, where it is nobody's or ours already, and gives all of it. Throws <see cref="StoreMismatchException"/> where it is another's. What was looked at is still so when
    /// it is written.
    /// </summary>
    /// <param name="writer">Who may commit from now on, in a new generation; null = none is claimed.</param>
    /// <param name="secret">Where there is none yet.</param>
    public static Dictionary<string, string> Claim(RedisNode node, RedisKey key, RedisStoreIdentity identity, string? writer, string secret)
    {
        var ours = new Dictionary<string, string>
        {
            [Layout] = Text(StateKeys.Layout), [State] = Text(StateCodec.Version), [Group] = identity.Group, [Partitions] = Text(identity.Partitions),
            [Model] = identity.Model, [ModelLayout] = identity.ModelLayout,
        };
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Dictionary<string, string> found = Read(node, key);
            Check(found, identity, $"Redis at {node.Where}, key {key}");
            List<RedisValue> arguments = [ours.Count];
            foreach (string name in ours.Keys)
                arguments.AddRange([name, found.GetValueOrDefault(name, "")]);
            arguments.Add(writer is null ? "" : Generation);
            arguments.Add(ours.Count + (writer is null ? 0 : 1));
            foreach ((string name, string value) in ours)
                arguments.AddRange([name, value]);
            if (writer is not null)
                arguments.AddRange([Writer, writer]);
            arguments.AddRange([Secret, secret]);
            RedisResult answer = node.Run(database => StateScript.Identify.RunAsync(database, [key], [.. arguments]));
            if (!answer.IsNull)
                return Fields((RedisValue[])answer!);
        }
        throw new DependencyUnavailableException($"Redis at {node.Where}: {key} changes all the time. Start the nodes one after the other.") { MayPass = true };
    }

    public static Dictionary<string, string> Read(RedisNode node, RedisKey key) =>
        node.Run(database => database.HashGetAllAsync(key)).ToDictionary(field => (string)field.Name!, field => (string)field.Value!);

    /// <summary>Throws where the state cannot be read by this version.</summary>
    public static void CheckVersion(Dictionary<string, string> found, string where)
    {
        if (Number(found, Layout) > StateKeys.Layout)
            throw new StoreMismatchException($"{where}: written by a newer StreamInsight (keys of version {found[Layout]}; this one reads up to {StateKeys.Layout}). Use that version, or another key prefix.");
        if (Number(found, State) > StateCodec.Version)
            throw new StoreMismatchException($"{where}: written by a newer StreamInsight (customers' states of version {found[State]}; this one reads up to {StateCodec.Version}). Use that version, or another key prefix.");
    }

    public static long Number(Dictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out string? text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public static RedisStoreIdentity? IdentityOf(Dictionary<string, string> found) => !found.ContainsKey(Model) ? null : new RedisStoreIdentity
    {
        Group = found[Group], Partitions = (int)Number(found, Partitions), Model = found[Model], ModelLayout = found[ModelLayout],
    };

    public static void Check(Dictionary<string, string> found, RedisStoreIdentity identity, string where)
    {
        CheckVersion(found, where);
        if (found.TryGetValue(Group, out string? group) && group != identity.Group)
            throw new StoreMismatchException($"{where}: holds the customers of the group {group}, not of {identity.Group}. Two installations on one Redis need two key prefixes.");
        if (found.TryGetValue(Partitions, out string? partitions) && partitions != Text(identity.Partitions))
            throw new StoreMismatchException($"{where}: its customers live on {partitions} partitions, not on {identity.Partitions}. The number of partitions is fixed: give topics of {partitions} partitions, or start anew with another key prefix and read the events in again.");
        if (!found.TryGetValue(Model, out string? model))
            return;
        int at = model.LastIndexOf('@'), ourAt = identity.Model.LastIndexOf('@');
        if (!model.AsSpan(0, at).SequenceEqual(identity.Model.AsSpan(0, ourAt)))
            throw new StoreMismatchException($"{where}: holds the customers of the model {model}, not of {identity.Model}. Give another key prefix.");
        if (int.Parse(model.AsSpan(at + 1), CultureInfo.InvariantCulture) > int.Parse(identity.Model.AsSpan(ourAt + 1), CultureInfo.InvariantCulture))
            throw new StoreMismatchException($"{where}: was written with {model}, and the model given is older: {identity.Model}. Give the newer model, or another key prefix.");
        if (found.GetValueOrDefault(ModelLayout) != identity.ModelLayout)
            throw new StoreMismatchException($"{where}: holds customers of {model} with other traits, features, stages, segments, actions, queues or inputs of learned scores than {identity.Model} has now. Give another key prefix, and read the events in again from Kafka's start.");
    }

    private static Dictionary<string, string> Fields(RedisValue[] flat)
    {
        var fields = new Dictionary<string, string>();
        for (int i = 0; i < flat.Length; i += 2)
            fields[(string)flat[i]!] = (string)flat[i + 1]!;
        return fields;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
