using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Oracle.Generation;

namespace StreamInsight.Fuzz.Targets;

/// <summary>A model file: a model, or faults with places in the text.</summary>
public sealed class ModelTarget : IFuzzTarget
{
    public ModelTarget()
    {
        var random = new Prng(2);
        Corpus = [.. Fuzz.Corpus.Models, .. Enumerable.Range(0, 20).Select(_ => Encoding.UTF8.GetBytes(ModelGenerator.Model(random, TimeScale.Random(random))))];
    }

    public string Name => "models";

    public IReadOnlyList<byte[]> Corpus { get; }

    public IReadOnlyList<byte[]> Words { get; } = Fuzz.Corpus.Words(
        "model: version: traits: events: features: segments: journey: triggers: scores: actions: queues: { } [ ] , : - ? | > & * ! !!str !!binary %YAML --- ... # \" ' &a *a <<: count: sum: window: 1h when: \"now\" expr: where: exact_max: name: properties: string int double bool timestamp on: entered(big) to: with: ~ 0o7 0x1f .inf 2026-01-01 yes");

    public int MaxBytes => 60_000;

    public string Read(byte[] input)
    {
        var faults = new List<ModelFault>();
        if (ModelReader.Read(input, faults) is { } definition)
        {
            if (faults.Exists(f => !f.IsWarning))
                throw new InvalidOperationException("a model with faults");
            _ = CompiledModel.Compile(definition, faults);
        }
        else if (!faults.Exists(f => !f.IsWarning))
        {
            throw new InvalidOperationException("no model, and no fault");
        }
        return string.Join('\n', faults);
    }
}
