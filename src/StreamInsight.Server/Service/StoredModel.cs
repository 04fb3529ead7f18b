using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Service;

/// <summary>Which model a data folder belongs to.</summary>
internal static class StoredModel
{
    private const string Id = "model";
    private const string Layout = "model_layout";

    /// <summary>
    /// Takes an empty folder for this model; refuses one whose customers this model cannot read. Conditions, transitions and triggers may change, and the
    /// version may grow; traits, features, stages, segments, actions, queues and what scores learn from may not: customers' states hold them by their place.
    /// </summary>
    public static void Check(SqliteFile file, ModelDefinition model)
    {
        string? stored = file.ReadMeta(Id);
        if (stored is not null)
        {
            int at = stored.LastIndexOf('@');
            string name = stored[..at];
            if (name != model.Name)
                throw new WrongInputException($"{file.Path}: holds the customers of the model {stored}, not of {model.Id}. Give another folder with --data.");
            if (int.Parse(stored[(at + 1)..], CultureInfo.InvariantCulture) > model.Version)
                throw new WrongInputException($"{file.Path}: was written with {stored}, and the model given is older: {model.Id}. Give the newer model, or another folder with --data.");
            if (file.ReadMeta(Layout) != LayoutOf(model))
                throw new WrongInputException($"{file.Path}: holds customers of {stored} with other traits, features, stages, segments, actions, queues or inputs of learned scores than {model.Id} has now. Give another folder with --data, and read the events in again (--events, or Kafka from the start).");
        }
        if (stored == model.Id)
            return;
        file.WriteMeta(Layout, LayoutOf(model));
        file.WriteMeta(Id, model.Id);
    }

    /// <summary>A hash of everything whose place or meaning a customer's state depends on.</summary>
    public static string LayoutOf(ModelDefinition model)
    {
        var text = new StringBuilder();
        foreach (PropertyDefinition trait in model.Traits)
            Line("trait", trait.Name, trait.Type);
        foreach (FeatureDefinition feature in model.Features)
        {
            Line("feature", feature.Name, feature.Aggregate, string.Join(' ', feature.Events), feature.Property, feature.Where?.Text, feature.WindowMs, feature.OffsetMs,
                feature.HalfLifeMs, feature.WithinMs, feature.GapMs, feature.K, feature.ExactMax ?? model.ExactMax);
        }
        foreach (EventDefinition @event in model.Events)
            Line("event", @event.ShortName, @event.WireName, string.Join(' ', @event.Properties.Select(property => $"{property.Name}:{property.Type}")));
        Line("stages", string.Join(' ', model.Journey?.Stages ?? []));
        Line("segments", string.Join(' ', model.Segments.Select(segment => segment.Name)));
        foreach (ActionDefinition action in model.Actions)
            Line("action", action.Name, string.Join(' ', action.Channels));
        foreach (ScoreDefinition score in model.Scores)
            if (score.Learn is { } learn)
                Line("score", score.Name, string.Join('\t', learn.Inputs.Select(input => input.Text)), learn.PriorRate, learn.PriorWeight);
        foreach (QueueDefinition queue in model.Queues)
            Line("queue", queue.Name);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        void Line(params object?[] parts) => text.AppendJoin('\t', parts.Select(part => Convert.ToString(part, CultureInfo.InvariantCulture))).Append('\n');
    }
}
