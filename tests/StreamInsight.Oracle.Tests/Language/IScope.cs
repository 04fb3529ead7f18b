namespace StreamInsight.Oracle.Language;

/// <summary>What names mean during one evaluation.</summary>
public interface IScope
{
    /// <summary>The model's zone, for calendar functions without one.</summary>
    string Zone { get; }

    /// <summary>The value under a dotted path such as <c>features.calls_7d</c>; a <see cref="CelError"/> where there is none.</summary>
    object? Read(string[] path);

    /// <summary><c>journey.entries('stage')</c>.</summary>
    long Entries(string stage);
}
