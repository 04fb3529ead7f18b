using StreamInsight.Oracle.Language;

namespace StreamInsight.Oracle.Generation;

/// <summary>Lines that are refused, one way or another, or look as if they should be.</summary>
public sealed class Malformed(Prng random, long now)
{
    private string At => Times.Text(now);

    /// <summary>Each reason as often as any other, however many ways there are to it: the logs of a few dozen seeds have them all.</summary>
    public string Line() => random.Pick(random.Pick<string[]>(
    [
        [new string('[', 65) + new string(']', 65), $"{{\"a\":{new string('[', 64)}", $"{{\"type\":\"track\",\"k\":{string.Concat(Enumerable.Repeat("{\"a\":", 64))}1{new string('}', 65)}"],
        ["{", "null", "[]", "7", "\"text\"", "not json", "{\"type\":\"track\"", "{\"a\":NaN}", "{\"type\":\"track\",\"event\":\"x\",\"userId\":\"u1\",\"k\":\"\\ud800\"}"],
        ["{}", "{\"type\":\"buy\",\"userId\":\"u1\"}"],
        [$"{{\"type\":\"track\",\"userId\":\"u1\",\"timestamp\":\"{At}\"}}"],
        [
            $"{{\"type\":\"track\",\"event\":\"x\",\"timestamp\":\"{At}\"}}",
            $"{{\"type\":\"track\",\"event\":\"x\",\"userId\":1.0,\"anonymousId\":\"\",\"timestamp\":\"{At}\"}}",
        ],
        [
            "{\"type\":\"track\",\"event\":\"x\",\"userId\":\"u1\"}",
            $"{{\"type\":\"track\",\"event\":\"x\",\"userId\":\"u1\",\"timestamp\":\"{At}\",\"sentAt\":\"soon\"}}",
        ],
        [
            $"{{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"u1\",\"timestamp\":\"{At}\",\"properties\":{{\"total\":\"1\"}}}}",
            $"{{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"u2\",\"timestamp\":\"{At}\",\"properties\":{{\"items\":1.5}}}}",
            $"{{\"type\":\"track\",\"event\":\"x\",\"userId\":\"u1\",\"timestamp\":\"{At}\",\"properties\":5}}",
            $"{{\"type\":\"identify\",\"userId\":\"u1\",\"anonymousId\":\"a1\",\"timestamp\":\"{At}\",\"traits\":{{\"nps\":\"x\"}}}}",
        ],
        [$"{{\"type\":\"track\",\"event\":\"x\",\"userId\":\"u1\",\"receivedAt\":\"{At}\",\"timestamp\":\"{Times.Text(now + 86_400_001)}\"}}"],
        [$"{{\"type\":\"track\",\"event\":\"x\",\"userId\":\"u1\",\"receivedAt\":\"{At}\",\"timestamp\":\"{Times.Text(now - 86_400_001)}\"}}"],
        // Strange, but nothing to refuse; or no record at all.
        [
            "", "  ", "\t", $"{{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":5,\"timestamp\":\"{At}\"}}",
            "{\"type\":\"track\",\"event\":\"x\",\"userId\":\"u1\",\"k\":\"\\ud83d\\ude00\",\"timestamp\":\"" + At + "\"}",
            $"{{\"type\":\"alias\",\"userId\":\"u1\",\"timestamp\":\"{At}\"}}", $"{{\"type\":\"alias\",\"userId\":\"u1\",\"previousId\":\"u1\",\"timestamp\":\"{At}\"}}",
        ],
    ]));
}
