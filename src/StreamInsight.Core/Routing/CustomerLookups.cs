using System.Globalization;
using StreamInsight.Expressions;

namespace StreamInsight.Routing;

/// <summary>
/// What a customer can be found by: the traits the model names under <c>pii.lookup</c>, by kind (<c>phone</c>, <c>email</c>). Pure; any thread.
/// </summary>
public sealed class CustomerLookups
{
    private readonly (string Kind, int Slot)[] _lookups;

    public CustomerLookups(CompiledModel model)
    {
        var slots = model.Definition.Traits.Select((trait, slot) => (trait.Name, slot)).ToDictionary(t => t.Name, t => t.slot);
        _lookups = [.. model.Definition.Pii.Lookup.Where(lookup => slots.ContainsKey(lookup.Trait)).Select(lookup => (lookup.Kind, slots[lookup.Trait]))];
    }

    /// <summary>The model names none.</summary>
    public bool IsEmpty => _lookups.Length == 0;

    /// <summary>Kind → the trait's value as it was sent; without those that are not set.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Of(CustomerState customer)
    {
        if (_lookups.Length == 0 || customer.Traits is not { } traits)
            return [];
        var found = new List<KeyValuePair<string, string>>(_lookups.Length);
        foreach ((string kind, int slot) in _lookups)
        {
            string? text = traits[slot].Kind switch
            {
                ValueKind.String => traits[slot].AsString,
                ValueKind.Int => traits[slot].AsInt.ToString(CultureInfo.InvariantCulture),
                _ => null,
            };
            if (text is not null)
                found.Add(new(kind, text));
        }

        return found;
    }

    /// <summary>A message that passed sets one of them.</summary>
    public bool AreSetBy(ReadOnlySpan<Value> traits)
    {
        foreach ((_, int slot) in _lookups)
        {
            if (slot < traits.Length && !traits[slot].IsNull)
                return true;
        }

        return false;
    }
}
