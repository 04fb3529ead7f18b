using StreamInsight.Expressions.Library;

namespace StreamInsight.Expressions.Nodes;

/// <summary>
/// A calendar field of a timestamp, in a zone fixed at load or given by a node, or the like of a duration. Of a timestamp that follows the clock it changes
/// at the next boundary of its unit, or where the zone changes its offset.
/// </summary>
internal sealed class CalendarNode : Node
{
    private static readonly Value BadZone = Value.Error("unknown time zone");

    private readonly CalendarField _field;
    private readonly Node _target;
    private readonly Node? _zoneNode;
    private readonly Zone? _zone;
    private readonly Errors.NoOverload _noOverload;

    public CalendarNode(CalendarField field, Node target, Zone zone, Node? zoneNode)
    {
        _field = field;
        _target = target;
        _zone = zone;
        _zoneNode = zoneNode;
        _noOverload = new Errors.NoOverload($"get{field}()");
        if (zoneNode is ConstantNode { Value: { Kind: ValueKind.String } name })
        {
            _zone = Zone.Find(name.AsString);
            _zoneNode = null;
        }
    }

    public override Value Evaluate(EvalContext context)
    {
        var target = _target.EvaluateMoving(context, out var motion);
        if (target.IsError)
            return target;
        var zone = _zone;
        if (_zoneNode is not null && !FindZone(context, ref zone, out var error))
        {
            if (!motion.IsStill)
                context.Until(motion.NextChange(context.Now));
            return error;
        }
        if (target.Kind == ValueKind.Timestamp)
            return zone is null ? BadZone : OfTimestamp(context, target.Bits, motion, zone);
        if (!motion.IsStill)
            context.Until(motion.NextChange(context.Now));
        return target.Kind == ValueKind.Duration && _field >= CalendarField.Hours && _zoneNode is null
            ? Value.Int(OfDuration(_field, target))
            : _noOverload.Of(target.Kind);
    }

    /// <summary>Whole units of a duration, toward zero; of milliseconds only those beyond its seconds.</summary>
    public static long OfDuration(CalendarField field, in Value duration)
    {
        var ms = duration.Bits < 0 && duration.Nanoseconds > 0 ? duration.Bits + 1 : duration.Bits;
        return field == CalendarField.Milliseconds ? ms % 1000 : ms / Calendar.UnitMs(field);
    }

    private Value OfTimestamp(EvalContext context, long utcMs, in Motion motion, Zone zone)
    {
        var local = utcMs + zone.OffsetMs(utcMs, out var offsetChange);
        if (motion.Slope == 1 && motion.Quantum == 1)
            context.Until(context.Now + Math.Min(Calendar.NextChange(_field, local) - local, offsetChange - utcMs));
        else if (!motion.IsStill)
            context.Until(context.Now + 1);
        return Value.Int(Calendar.Read(_field, local));
    }

    private bool FindZone(EvalContext context, ref Zone? zone, out Value error)
    {
        var name = _zoneNode!.Evaluate(context);
        error = name.IsError ? name : name.Kind == ValueKind.String ? BadZone : _noOverload.Of(ValueKind.Timestamp, name.Kind);
        if (name.Kind != ValueKind.String)
            return false;
        zone = Zone.Find(name.AsString);
        return zone is not null;
    }
}

/// <summary>Whole hours, minutes or seconds of a duration that follows the clock, such as <c>(now - x).getHours()</c>.</summary>
internal sealed class MovingDurationFieldNode(CalendarField field, Node target) : MovingNode
{
    private readonly Errors.NoOverload _noOverload = new($"get{field}()");

    internal override Value EvaluateMoving(EvalContext context, out Motion motion)
    {
        var duration = target.EvaluateMoving(context, out motion);
        if (duration.IsError)
            return duration;
        if (duration.Kind != ValueKind.Duration || motion.Quantum > 1)
        {
            Stop(context, motion);
            motion = default;
            return duration.Kind == ValueKind.Duration ? Value.Int(CalendarNode.OfDuration(field, duration)) : _noOverload.Of(duration.Kind);
        }
        if (!motion.IsStill)
        {
            // Toward zero: rounded down from 0 on, up below. Past zero the other rounding would change later, so this motion is early there, never late.
            var unit = Calendar.UnitMs(field);
            var ms = duration.Bits >= 0 ? duration.Bits : duration.Bits + unit - (duration.Nanoseconds > 0 ? 0 : 1);
            motion = new Motion(motion.Slope, unit, ms - (Calendar.FloorDivide(ms, unit) * unit));
        }
        return Value.Int(CalendarNode.OfDuration(field, duration));
    }
}
