namespace StreamInsight.Definitions;

/// <summary>Collects the faults of one model, in bounded number and size.</summary>
internal sealed class Faults(List<ModelFault> list)
{
    public const int Max = 10_000;

    private const int MaxSuggestions = 200;

    private int _suggestions;

    public int Count { get; private set; }

    /// <summary>True once a fault (not a warning) was added.</summary>
    public bool Any { get; private set; }

    public void Add(Mark mark, string message)
    {
        Any = true;
        Keep(new ModelFault(mark, message));
    }

    public void Warn(Mark mark, string message) => Keep(new ModelFault(mark, message, IsWarning: true));

    /// <summary><c> Did you mean "x"?</c>, or nothing if no name is close. Only the first 200 times: a search costs.</summary>
    public string Suggest(string given, IEnumerable<string> names)
    {
        if (_suggestions++ >= MaxSuggestions)
            return "";
        return Spelling.Closest(given, names) is { } closest ? $" Did you mean {Quote(closest)}?" : "";
    }

    /// <summary>The text in quotes, cut if it is long, with control characters shown as escapes: a fault is one line.</summary>
    public static string Quote(string text) => $"\"{Short(text)}\"";

    public static string Short(string text)
    {
        const int most = 60;
        if (text.Length > most)
            text = text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";
        return string.Concat(text.Select(c => c switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ when char.IsControl(c) => "?",
            _ => c.ToString(),
        }));
    }

    private void Keep(ModelFault fault)
    {
        Count++;
        if (Count <= Max)
            list.Add(fault);
        else if (Count == Max + 1)
            list.Add(new ModelFault(fault.Mark, $"more than {Max} faults; the others are not listed"));
    }
}
