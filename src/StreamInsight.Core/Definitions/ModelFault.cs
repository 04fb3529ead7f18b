namespace StreamInsight.Definitions;

/// <summary>One thing wrong (or doubtful) in a model: where, what was given, what is allowed. Faults refuse the model; warnings do not.</summary>
public sealed record ModelFault(Mark Mark, string Message, bool IsWarning = false)
{
    public override string ToString() => $"{Mark.Line}:{Mark.Column}: {(IsWarning ? "warning: " : "")}{Message}";
}
