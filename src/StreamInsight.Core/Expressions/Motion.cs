namespace StreamInsight.Expressions;

/// <summary>
/// How a value follows the clock: k ms from now it will have grown by <c>floor((Phase + Slope·k) / Quantum)</c>, in ms for timestamps and durations, in units
/// for ints. <c>now</c> has slope 1 and quantum 1; <c>int(now)</c>, whole seconds, has quantum 1000 and the elapsed ms of its second as phase.
/// <c>default</c> = it stands still.
/// </summary>
internal readonly record struct Motion(long Slope, long Quantum, long Phase)
{
    public static readonly Motion OfNow = new(1, 1, 0);

    public bool IsStill => Slope == 0;

    /// <summary>The motion of the negated value.</summary>
    public Motion Reversed => IsStill ? default : new(-Slope, Quantum, Quantum - 1 - Phase);

    /// <summary>The first instant after now at which the value is another one.</summary>
    public long NextChange(long now) => IsStill ? long.MaxValue : FirstWith(now, Slope > 0 ? 1 : -1);

    /// <summary>
    /// The first instant after now at which the growth is at least (rising) or at most (falling) <paramref name="growth"/>.
    /// </summary>
    public long FirstWith(long now, Int128 growth)
    {
        // Rising: Phase + s·k >= growth·q. Falling: Phase - |s|·k < (growth + 1)·q.
        var wait = Slope > 0
            ? -FloorOfQuotient(Phase - (growth * Quantum), Slope)
            : FloorOfQuotient(Phase - ((growth + 1) * Quantum), -Slope) + 1;
        var instant = now + Int128.Max(wait, 1);
        return instant >= long.MaxValue ? long.MaxValue : (long)instant;
    }

    /// <summary>
    /// The first instant after now at which <c>difference OP 0</c> gives another answer, if the difference moves like this; may be early where the
    /// difference jumps over the answer. <paramref name="fraction"/> = the difference is a part of a unit above the whole number given.
    /// </summary>
    public long FirstTurn(long now, Int128 difference, bool fraction, Comparison comparison)
    {
        if (IsStill)
            return long.MaxValue;
        // The sign of the difference is monotone in time: it turns only where the difference reaches 0 and where it leaves it.
        var direction = Slope > 0 ? 1 : -1;
        var holds = Comparisons.Holds(comparison, Sign(difference, fraction));
        for (var growth = -difference; growth != -difference + (2 * direction); growth += direction)
            if (growth * direction > 0 && Comparisons.Holds(comparison, Sign(difference + growth, fraction)) != holds)
                return FirstWith(now, growth);
        return long.MaxValue;
    }

    private static int Sign(Int128 difference, bool fraction) => difference < 0 ? -1 : difference > 0 || fraction ? 1 : 0;

    private static Int128 FloorOfQuotient(Int128 a, long b)
    {
        var (quotient, rest) = Int128.DivRem(a, b);
        return rest < 0 ? quotient - 1 : quotient;
    }
}
