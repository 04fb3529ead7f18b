using StreamInsight.Pipeline;

namespace StreamInsight.Orleans;

/// <summary>The model that a silo's grains run. Every silo of a cluster runs the same one: events, features and segments stand by their place in it.</summary>
/// <param name="Fingerprint">What it is recognised by.</param>
public sealed record SiloModel(CompiledModel Model, string Fingerprint)
{
    public SiloModel(CompiledModel model)
        : this(model, model.Id)
    {
    }

    /// <summary>Why a caller with another model is refused; null = it has the same.</summary>
    internal string? Refuse(string fingerprint) => fingerprint == Fingerprint ? null
        : $"A silo of this cluster runs the model {Fingerprint}, this one runs {fingerprint}: all silos of a cluster run the same model. Give the new model a cluster id of its own, or stop the old silos first.";
}
