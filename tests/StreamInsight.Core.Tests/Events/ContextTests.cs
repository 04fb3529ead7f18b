using System.Text;
using StreamInsight.Events;
using StreamInsight.Expressions;
using StreamInsight.Facts;
using StreamInsight.Tests.Facts;
using Xunit;

namespace StreamInsight.Tests.Events;

public sealed class ContextTests
{
    [Theory]
    [InlineData("""{"ip":"10.0.0.1","n":1,"x":[1.5,true,null,{"y":"\u0041"}]}""", """{"ip":"10.0.0.1","n":1,"x":[1.5,true,null,{"y":"A"}]}""")]
    [InlineData("""{"a":1,"b":2,"\u0061":3}""", """{"a":3,"b":2}""")]
    [InlineData("""{"a":1,"b":null,"a":null,"c":{"d":null}}""", """{"c":{}}""")]
    [InlineData("{}", "null")]
    [InlineData("7", "null")]
    [InlineData("null", "null")]
    public void Is_a_map_if_the_model_reads_it(string context, string expected)
    {
        string message = """{"type":"page","userId":"u","timestamp":"2026-03-01T12:00:00Z","context":""" + context + "}";
        Assert.Equal(expected, Written(Decode(message, default, readsContext: true)));
        Assert.True(Decode(message, default, readsContext: false).IsNull);
    }

    [Fact]
    public void A_batchs_context_is_inherited_however_deep_it_is()
    {
        string deep = "{\"a\":" + new string('[', 10_000) + new string(']', 10_000) + ",\"b\":1}";
        const string message = """{"type":"page","userId":"u","timestamp":"2026-03-01T12:00:00Z"}""";
        var context = Decode(message, new BatchDefaults(default, default, Encoding.UTF8.GetBytes(deep)), readsContext: true);
        Assert.EndsWith("\"b\":1}", Written(context));
    }

    private static Value Decode(string message, BatchDefaults inherited, bool readsContext)
    {
        var target = new CustomerEvent();
        new MessageDecoder(new EventSchema(Decoding.Model) { ReadsContext = readsContext }).Decode(Encoding.UTF8.GetBytes(message), inherited, RecordSource.File, target);
        Assert.Equal(Refusal.None, target.Refusal);
        return target.Context;
    }

    private static string Written(Value value) => JsonTests.Written(o => ValueWriter.Write(value, o));
}
