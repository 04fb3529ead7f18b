namespace StreamInsight.Fuzz;

/// <summary>Something that reads bytes from outside. It may refuse them by value, or with the one exception it documents; anything else is a finding.</summary>
public interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Sound inputs to begin with.</summary>
    IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>What the format is made of: worth putting in anywhere.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>Longest input worth trying.</summary>
    int MaxBytes { get; }

    /// <summary>Reads the input; what it comes to, in a few words: the same every time. Throws for a finding.</summary>
    string Read(byte[] input);
}
