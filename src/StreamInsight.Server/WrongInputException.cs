namespace StreamInsight.Server;

/// <summary>What the user gave is wrong: one line a fault, each with where, what was given and what is allowed. Exit code 1.</summary>
public sealed class WrongInputException(params IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
