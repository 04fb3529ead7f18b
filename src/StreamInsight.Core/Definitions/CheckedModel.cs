namespace StreamInsight.Definitions;

/// <summary>What came of checking a model's text: every fault and warning in order of position, and the model if there is no fault.</summary>
public sealed record CheckedModel(CompiledModel? Model, IReadOnlyList<ModelFault> Faults)
{
    /// <summary>True if the model can be run; warnings do not count.</summary>
    public bool IsGood => Model is not null;
}
