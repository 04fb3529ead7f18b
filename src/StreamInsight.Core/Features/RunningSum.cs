namespace StreamInsight.Features;

/// <summary>
/// The left-to-right double sum of the entries [<see cref="From"/>, <see cref="To"/>) of an <see cref="EntryLog"/>. Floating-point addition is not associative,
/// so a sum can be continued at its end but never shortened at its start: another start means another sum. <c>default</c> = over nothing. Takes two cells.
/// </summary>
public struct RunningSum
{
    public int From { get; private set; }

    public int To { get; private set; }

    public double Total { get; private set; }

    public void Restart(int from)
    {
        From = To = from;
        Total = 0;
    }

    /// <summary>The entries up to <paramref name="to"/> are in, too.</summary>
    public void Continue(int to, double total) => (To, Total) = (to, total);

    /// <summary>The log let <paramref name="count"/> entries at its front go.</summary>
    public void Dropped(int count)
    {
        if (From < count)
            Restart(0);
        else
        {
            From -= count;
            To -= count;
        }
    }
}
