using StreamInsight.Pipeline;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Commands;

/// <summary>A dead letter as <c>dead</c> shows it.</summary>
/// <param name="PutBackAs">Where it was put back: a number in the log, or a position in Kafka; null = it was not.</param>
internal sealed record KeptDeadLetter(DeadLetterId Id, DeadLetter Letter, string? PutBackAs);
