namespace StreamInsight.Server.Tests.Crash;

/// <summary>What the customers of one sender do: order, browse anonymously, sign in, are merged, send nonsense. Customers with another prefix are others.</summary>
public static class LoadMessages
{
    public static string Next(string id, string prefix, Random random)
    {
        string user = $"{prefix}u{random.Next(40)}", anonymous = $"{prefix}a{random.Next(400)}";
        return random.Next(20) switch
        {
            0 => $$"""{"messageId":"{{id}}","type":"identify","userId":"{{user}}","anonymousId":"{{anonymous}}","traits":{"tier":"{{(random.Next(2) == 0 ? "gold" : "tin")}}"} }""",
            1 => $$"""{"messageId":"{{id}}","type":"alias","previousId":"{{(random.Next(4) == 0 ? $"{prefix}u{random.Next(40)}" : anonymous)}}","userId":"{{user}}"}""",
            2 => $$"""{"messageId":"{{id}}","type":"nonsense","userId":"{{user}}"}""",
            < 9 => $$"""{"messageId":"{{id}}","type":"track","event":"Product Viewed","anonymousId":"{{anonymous}}"}""",
            _ => $$"""{"messageId":"{{id}}","type":"track","event":"Order Completed","userId":"{{user}}","properties":{"total":{{random.Next(100)}} } }""",
        };
    }
}
