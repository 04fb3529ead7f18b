using StreamInsight.Definitions;

namespace StreamInsight.Decisions;

/// <summary>
/// The events that decisions know by name, with the properties they read. A model that decides has them whether it declares them or not; one that declares them may
/// add properties. Undeclared, they have no short name (<c>event.name</c> is null).
/// </summary>
public static class BuiltInEvents
{
    /// <summary>No name in a message and no name of a model can begin with it.</summary>
    public const string Hidden = "\0";

    public const string DecisionRequested = "Decision Requested";

    public const string QueueUpdated = "Queue Updated";

    private static readonly (string Name, PropertyType Type)[] OfContact = [("action", PropertyType.String), ("channel", PropertyType.String), ("decision", PropertyType.String)];

    private static readonly (string WireName, EventRole Role, (string Name, PropertyType Type)[] Properties)[] All =
    [
        ("Action Shown", EventRole.Shown, OfContact),
        ("Action Sent", EventRole.Sent, OfContact),
        ("Offer Accepted", EventRole.Accepted, [.. OfContact, ("value", PropertyType.Double)]),
        ("Offer Declined", EventRole.Declined, OfContact),
        (DecisionRequested, EventRole.DecisionRequested, [("channel", PropertyType.String), ("decision", PropertyType.String), ("top", PropertyType.Int)]),
        (QueueUpdated, EventRole.QueueUpdated,
        [
            ("queue", PropertyType.String), ("waiting", PropertyType.Int), ("longest_wait", PropertyType.Double), ("longest_wait_seconds", PropertyType.Double),
            ("service_level", PropertyType.Double), ("agents_free", PropertyType.Int),
        ]),
    ];

    /// <summary>The role of an event by its name in messages.</summary>
    public static EventRole RoleOf(string wireName)
    {
        foreach ((string name, EventRole role, _) in All)
            if (name == wireName)
                return role;
        return EventRole.None;
    }

    /// <summary>The model's events with those that its decisions need.</summary>
    /// <param name="fault">Told of a declared property whose type does not fit.</param>
    public static List<EventDefinition> Complete(ModelDefinition model, Action<Mark, string> fault)
    {
        bool hasOutcomes = model.Actions.Count > 0 || model.Scores.Any(score => score.Learn is not null);
        var events = model.Events.ToList();
        foreach ((string name, EventRole role, (string Name, PropertyType Type)[] properties) in All)
        {
            if (role == EventRole.QueueUpdated ? model.Queues.Count == 0 : !hasOutcomes)
                continue;
            int at = events.FindIndex(e => e.WireName == name);
            if (at < 0)
                events.Add(new EventDefinition(Hidden + name, name, [.. properties.Select(p => new PropertyDefinition(p.Name, p.Type, default))], default));
            else
                events[at] = events[at] with { Properties = [.. events[at].Properties, .. Missing(events[at], properties, fault)] };
        }

        return events;
    }

    private static List<PropertyDefinition> Missing(EventDefinition declared, (string Name, PropertyType Type)[] properties, Action<Mark, string> fault)
    {
        var missing = new List<PropertyDefinition>();
        foreach ((string name, PropertyType type) in properties)
        {
            if (declared.Properties.FirstOrDefault(p => p.Name == name) is not { } own)
                missing.Add(new PropertyDefinition(name, type, declared.Mark));
            else if (own.Type != type)
                fault(own.Mark, $"events.{declared.ShortName}.{name}: {own.Type.ToString().ToLowerInvariant()} is given; {declared.WireName} is an event that decisions read, and there {name} is {type.ToString().ToLowerInvariant()}");
        }

        return missing;
    }
}
