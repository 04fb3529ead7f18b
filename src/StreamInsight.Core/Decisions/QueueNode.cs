using System.Runtime.CompilerServices;
using StreamInsight.Definitions;
using StreamInsight.Engine;
using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>Reads one figure of a queue: what was said of it last, if that is fresh, else what the model assumes; sampled at the customer's steps.</summary>
internal sealed class QueueNode(int queue, Func<QueueState, QueueDefinition, Value> read, QueueDefinition definition) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var customer = Unsafe.As<CustomerContext>(context);
        return read(customer.Queue(queue) ?? default, definition);
    }

    /// <summary>The figures of a queue as expressions name them.</summary>
    public static IEnumerable<(string Name, CelType Type, Node Node)> Of(int queue, QueueDefinition definition)
    {
        yield return ("waiting", CelType.Nullable(CelType.Int), new QueueNode(queue, (s, q) => Whole(s.Waiting ?? q.DefaultWaiting), definition));
        yield return ("longest_wait", CelType.Nullable(CelType.Double), new QueueNode(queue, (s, q) => Number(s.LongestWait ?? q.DefaultLongestWait), definition));
        yield return ("service_level", CelType.Nullable(CelType.Double), new QueueNode(queue, (s, q) => Number(s.ServiceLevel ?? q.DefaultServiceLevel), definition));
        yield return ("agents_free", CelType.Nullable(CelType.Int), new QueueNode(queue, (s, q) => Whole(s.AgentsFree ?? q.DefaultAgentsFree), definition));
    }

    private static Value Whole(long? number) => number is { } n ? Value.Int(n) : Value.Null;

    private static Value Number(double? number) => number is { } n ? Value.Double(n) : Value.Null;
}
