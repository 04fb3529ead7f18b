using StreamInsight.Decisions;
using StreamInsight.Definitions;

namespace StreamInsight.Events;

/// <summary>
/// What a model declares about messages, ready to be looked up by the bytes of a message: events by wire name, properties and traits by name.
/// Immutable but for <see cref="ReadsContext"/>; shared by all decoders of a model.
/// </summary>
public sealed class EventSchema
{
    private readonly NameTable _byWireName;
    private readonly NameTable[] _properties;
    private readonly PropertyType[][] _propertyTypes;
    private readonly int _page;
    private readonly int _screen;
    private readonly int _queueUpdated;

    public EventSchema(ModelDefinition model)
    {
        Events = model.Events;
        Traits = model.Traits;
        _byWireName = new NameTable([.. Events.Select((e, i) => (e.WireName, i))]);
        _properties = [.. Events.Select(e => new NameTable([.. e.Properties.Select((p, slot) => (p.Name, slot))]))];
        _propertyTypes = [.. Events.Select(e => e.Properties.Select(p => p.Type).ToArray())];
        _page = IndexOf("page");
        _screen = IndexOf("screen");
        _queueUpdated = Events.ToList().FindIndex(e => e.WireName == BuiltInEvents.QueueUpdated);

        var traits = Traits.Select((t, slot) => (t.Name, slot)).ToList();
        IdentifyTraits = new NameTable([.. traits.Where(t => !t.Name.StartsWith(GroupPrefix, StringComparison.Ordinal))]);
        GroupTraits = new NameTable([.. traits.Where(t => t.Name.StartsWith(GroupPrefix, StringComparison.Ordinal)).Select(t => (t.Name[GroupPrefix.Length..], t.slot))]);
        TraitTypes = [.. Traits.Select(t => t.Type)];
        MaxProperties = Events.Count == 0 ? 0 : Events.Max(e => e.Properties.Count);
    }

    /// <summary>The prefix of the declared names of traits that <c>group</c> messages set.</summary>
    public const string GroupPrefix = "group.";

    /// <summary>Declared events; <see cref="CustomerEvent.EventIndex"/> counts here.</summary>
    public IReadOnlyList<EventDefinition> Events { get; }

    /// <summary>Declared traits; the slots of <see cref="CustomerEvent.Traits"/>.</summary>
    public IReadOnlyList<PropertyDefinition> Traits { get; }

    /// <summary>The most properties any one event declares.</summary>
    public int MaxProperties { get; }

    /// <summary>Whether some expression reads <c>event.context</c>; only then is it built. Set before the first message is decoded.</summary>
    public bool ReadsContext { get; set; }

    internal NameTable IdentifyTraits { get; }

    internal NameTable GroupTraits { get; }

    internal PropertyType[] TraitTypes { get; }

    /// <summary>The index of the event with this short name, or -1.</summary>
    public int IndexOf(string shortName)
    {
        for (int i = 0; i < Events.Count; i++)
        {
            if (Events[i].ShortName == shortName)
                return i;
        }

        return -1;
    }

    /// <summary>The index of a track message's event, or -1.</summary>
    public int IndexOfWireName(ReadOnlySpan<byte> wireName) => _byWireName.Find(wireName);

    /// <summary>The index of what a page or screen message becomes, or -1: the event whose short name is <c>page</c> or <c>screen</c>.</summary>
    internal int IndexOfCall(MessageType type) => type == MessageType.Page ? _page : _screen;

    /// <summary>The message is about a queue, and so about no customer.</summary>
    public bool IsOfQueue(CustomerEvent message) => message.EventIndex >= 0 && message.EventIndex == _queueUpdated;

    internal NameTable PropertiesOf(int eventIndex) => _properties[eventIndex];

    internal PropertyType[] PropertyTypesOf(int eventIndex) => _propertyTypes[eventIndex];
}
