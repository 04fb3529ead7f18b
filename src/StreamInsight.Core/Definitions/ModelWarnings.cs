namespace StreamInsight.Definitions;

/// <summary>Finds what is allowed but hardly meant.</summary>
internal static class ModelWarnings
{
    public static void Add(ModelDefinition model, Faults faults)
    {
        foreach (var trigger in model.Triggers.Where(t => t.To.Count == 0))
            faults.Warn(trigger.Mark, $"triggers.{trigger.Name}: to: is missing or empty, so its facts are written and delivered to nobody");
    }
}
