namespace StreamInsight.Expressions.Patterns;

/// <summary>
/// A regular expression in RE2's syntax and meaning, over code points. All states are followed side by side (Thompson's construction, Pike's simulation), so
/// time is linear in the text for every pattern. .NET's own linear-time engine is not used: it sees UTF-16 units, its classes and boundaries differ from
/// RE2's, and it takes seconds for classes with many pairs of units. Immutable, shared by threads.
/// </summary>
internal sealed class Pattern
{
    /// <summary>What compiling a pattern during an evaluation costs.</summary>
    public const int CompileSteps = 20_000;

    private const int None = -1;

    [ThreadStatic]
    private static Scratch? _scratch;

    private readonly Instruction[] _program;

    private Pattern(Instruction[] program) => _program = program;

    private enum Operation : byte
    {
        Set,
        Assert,
        Split,
        Match,
    }

    /// <summary>Null, with the error, if the pattern is not one of RE2's.</summary>
    public static Pattern? Compile(string pattern, out Value error)
    {
        try
        {
            error = default;
            var program = new List<Instruction>();
            Append(program, PatternParser.Parse(pattern));
            program.Add(new Instruction(Operation.Match));
            return new Pattern([.. program]);
        }
        catch (FormatException fault)
        {
            error = Value.Error($"bad pattern: {fault.Message}");
            return null;
        }
    }

    /// <summary>Whether the pattern occurs anywhere in the text. Bounded like everything: a long text against a large pattern may be refused.</summary>
    public Value IsMatch(EvalContext context, string text)
    {
        var steps = 1 + ((long)text.Length * _program.Length / 4);
        return context.Spend((int)Math.Min(steps, int.MaxValue)) ? Value.Bool(Occurs(text)) : Errors.TooCostly;
    }

    private bool Occurs(string text)
    {
        var scratch = _scratch is { } kept && kept.Capacity >= _program.Length ? kept : _scratch = new Scratch(Math.Max(_program.Length, 64));
        var (states, reached) = (scratch.First, scratch.Second);
        states.Clear();
        var at = 0;
        var previous = None;
        var next = CodePointAt(text, ref at);
        while (true)
        {
            // A match may start anywhere.
            if (Add(states, scratch.Pending, 0, previous, next))
                return true;
            if (next == None)
                return false;
            previous = next;
            next = CodePointAt(text, ref at);
            reached.Clear();
            foreach (var state in states.Members)
                if (_program[state].Set is { } set && set.Contains(previous) && Add(reached, scratch.Pending, state + 1, previous, next))
                    return true;
            (states, reached) = (reached, states);
        }
    }

    /// <summary>Adds a state and all that follow from it without reading on. True if the match is one of them.</summary>
    private bool Add(StateSet states, Stack<int> pending, int first, int previous, int next)
    {
        pending.Push(first);
        while (pending.TryPop(out var state))
        {
            if (!states.Add(state))
                continue;
            ref readonly var instruction = ref _program[state];
            switch (instruction.Operation)
            {
                case Operation.Match:
                    pending.Clear();
                    return true;
                case Operation.Split:
                    pending.Push(instruction.To);
                    if (instruction.OrTo != None)
                        pending.Push(instruction.OrTo);
                    break;
                case Operation.Assert when Holds(instruction.Assertion, previous, next):
                    pending.Push(state + 1);
                    break;
            }
        }
        return false;
    }

    private static bool Holds(Assertion assertion, int previous, int next) => assertion switch
    {
        Assertion.TextStart => previous == None,
        Assertion.TextEnd => next == None,
        Assertion.LineStart => previous is None or '\n',
        Assertion.LineEnd => next is None or '\n',
        Assertion.WordBoundary => IsWord(previous) != IsWord(next),
        _ => IsWord(previous) == IsWord(next),
    };

    private static bool IsWord(int codePoint) => codePoint is >= '0' and <= '9' or >= 'A' and <= 'Z' or '_' or >= 'a' and <= 'z';

    private static int CodePointAt(string text, ref int at)
    {
        if (at >= text.Length)
            return None;
        var unit = text[at++];
        return char.IsHighSurrogate(unit) && at < text.Length && char.IsLowSurrogate(text[at]) ? char.ConvertToUtf32(unit, text[at++]) : unit;
    }

    private static void Append(List<Instruction> program, PatternNode node)
    {
        switch (node)
        {
            case SetNode one:
                program.Add(new Instruction(Operation.Set, Set: one.Set));
                break;
            case AssertionNode here:
                program.Add(new Instruction(Operation.Assert, Assertion: here.Assertion));
                break;
            case SequenceNode sequence:
                foreach (var part in sequence.Parts)
                    Append(program, part);
                break;
            case AlternativesNode alternatives:
                AppendAlternatives(program, alternatives.Parts);
                break;
            case RepeatNode repeat:
                AppendRepeat(program, repeat);
                break;
        }
    }

    private static void AppendAlternatives(List<Instruction> program, PatternNode[] parts)
    {
        var jumps = new List<int>();
        for (var i = 0; i < parts.Length; i++)
        {
            var split = program.Count;
            if (i < parts.Length - 1)
                program.Add(default);
            Append(program, parts[i]);
            if (i == parts.Length - 1)
                break;
            jumps.Add(program.Count);
            program.Add(default);
            program[split] = new Instruction(Operation.Split, To: split + 1, OrTo: program.Count);
        }
        foreach (var jump in jumps)
            program[jump] = new Instruction(Operation.Split, To: program.Count);
    }

    private static void AppendRepeat(List<Instruction> program, RepeatNode repeat)
    {
        for (var i = 0; i < repeat.Low; i++)
            Append(program, repeat.Part);
        if (repeat.High < 0)
        {
            var loop = program.Count;
            program.Add(default);
            Append(program, repeat.Part);
            program.Add(new Instruction(Operation.Split, To: loop));
            program[loop] = new Instruction(Operation.Split, To: loop + 1, OrTo: program.Count);
            return;
        }
        var splits = new List<int>();
        for (var i = repeat.Low; i < repeat.High; i++)
        {
            splits.Add(program.Count);
            program.Add(default);
            Append(program, repeat.Part);
        }
        foreach (var split in splits)
            program[split] = new Instruction(Operation.Split, To: split + 1, OrTo: program.Count);
    }

    private readonly record struct Instruction(
        Operation Operation, CodePoints? Set = null, Assertion Assertion = default, int To = None, int OrTo = None);

    /// <summary>Memory of a simulation, kept per thread and grown to the largest pattern met.</summary>
    private sealed class Scratch(int capacity)
    {
        public int Capacity => capacity;

        public StateSet First { get; } = new(capacity);

        public StateSet Second { get; } = new(capacity);

        public Stack<int> Pending { get; } = new();
    }

    /// <summary>A set of small numbers that is cleared in no time (Briggs and Torczon's sparse set).</summary>
    private sealed class StateSet(int capacity)
    {
        private readonly int[] _members = new int[capacity];
        private readonly int[] _places = new int[capacity];
        private int _count;

        public ReadOnlySpan<int> Members => _members.AsSpan(0, _count);

        public void Clear() => _count = 0;

        public bool Add(int state)
        {
            var place = _places[state];
            if (place < _count && _members[place] == state)
                return false;
            _places[state] = _count;
            _members[_count++] = state;
            return true;
        }
    }
}
