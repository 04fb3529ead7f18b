using StreamInsight.Expressions.Nodes;

namespace StreamInsight.Expressions.Library;

/// <summary>What can be asked of a timestamp in a zone; the last four also of a duration.</summary>
internal enum CalendarField : byte
{
    FullYear,
    Month,
    DayOfYear,
    DayOfMonth,
    Date,
    DayOfWeek,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
}

/// <summary><c>getHours()</c> and its like. Days, months and days of the week count from 0, Sunday is 0; <c>getDate</c> counts from 1.</summary>
internal static class Calendar
{
    private const long MsPerDay = 86_400_000;

    public static void AddTo(Action<CallShape> add)
    {
        foreach (var field in Enum.GetValues<CalendarField>())
        {
            var name = "get" + field;
            var bare = new CallShape(name, true, 1, call => Plan(field, call)).With(CelType.Int, CelType.Timestamp);
            if (field >= CalendarField.Hours)
                bare.With(CelType.Int, CelType.Duration);
            add(bare);
            add(new CallShape(name, true, 2, call => new CalendarNode(field, call.Arguments[0], Zone.Utc, call.Arguments[1])).With(CelType.Int, CelType.Timestamp, CelType.String));
        }
    }

    private static Node Plan(CalendarField field, PlannedCall call)
    {
        if (call.Types[0].WithoutNull.Kind == CelTypeKind.Duration && call.Arguments[0].Moves && field != CalendarField.Milliseconds)
            return new MovingDurationFieldNode(field, call.Arguments[0]);
        return new CalendarNode(field, call.Arguments[0], Zone.Find(call.Zone) ?? throw new InvalidOperationException($"unknown zone {call.Zone}"), null);
    }

    /// <summary>The field of a local time in ms since 1970.</summary>
    public static long Read(CalendarField field, long localMs)
    {
        var days = FloorDivide(localMs, MsPerDay);
        var inDay = localMs - (days * MsPerDay);
        switch (field)
        {
            case CalendarField.Hours:
                return inDay / 3_600_000;
            case CalendarField.Minutes:
                return inDay / 60_000 % 60;
            case CalendarField.Seconds:
                return inDay / 1000 % 60;
            case CalendarField.Milliseconds:
                return inDay % 1000;
            case CalendarField.DayOfWeek:
                return (((days + 4) % 7) + 7) % 7;
        }
        var (year, month, day) = Civil.DateOf(days);
        return field switch
        {
            CalendarField.FullYear => year,
            CalendarField.Month => month - 1,
            CalendarField.DayOfYear => days - Civil.DaysSince1970(year, 1, 1),
            CalendarField.DayOfMonth => day - 1,
            _ => day,
        };
    }

    /// <summary>The first later local time at which the field is another, as long as the offset from UTC stays.</summary>
    public static long NextChange(CalendarField field, long localMs)
    {
        var unit = UnitMs(field);
        if (unit > 0)
            return (FloorDivide(localMs, unit) + 1) * unit;
        var (year, month, _) = Civil.DateOf(FloorDivide(localMs, MsPerDay));
        return MsPerDay * (field == CalendarField.FullYear || month == 12 ? Civil.DaysSince1970(year + 1, 1, 1) : Civil.DaysSince1970(year, month + 1, 1));
    }

    /// <summary>Length in ms of the unit a field counts; 0 for those of varying length.</summary>
    public static long UnitMs(CalendarField field) => field switch
    {
        CalendarField.Milliseconds => 1,
        CalendarField.Seconds => 1000,
        CalendarField.Minutes => 60_000,
        CalendarField.Hours => 3_600_000,
        CalendarField.FullYear or CalendarField.Month => 0,
        _ => MsPerDay,
    };

    public static long FloorDivide(long a, long b)
    {
        var quotient = Math.DivRem(a, b, out var rest);
        return rest < 0 ? quotient - 1 : quotient;
    }
}
