using System.Text;
using StreamInsight.Events;
using Xunit;

namespace StreamInsight.Tests.Events;

/// <summary>What is one JSON object and what is not.</summary>
public sealed class JsonRuleTests
{
    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("{} x")]
    [InlineData("{}{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("17")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{,}")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":[1,]}")]
    [InlineData("{\"a\":[,1]}")]
    [InlineData("{\"a\":[1 2]}")]
    [InlineData("{\"a\":[1}}")]
    [InlineData("{\"a\":{]}")]
    [InlineData("{\"a\":[}]}")]
    [InlineData("{\"a\":tru}")]
    [InlineData("{\"a\":True}")]
    [InlineData("{\"a\":nul}")]
    [InlineData("{\"a\":truex}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":Infinity}")]
    [InlineData("{\"a\":-Infinity}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("{\"a\":-}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":-01}")]
    [InlineData("{\"a\":.5}")]
    [InlineData("{\"a\":5.}")]
    [InlineData("{\"a\":5.e1}")]
    [InlineData("{\"a\":1e}")]
    [InlineData("{\"a\":1e+}")]
    [InlineData("{\"a\":0x10}")]
    [InlineData("{\"a\":1 //c\n}")]
    [InlineData("{\"a\":\"\t\"}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("{\"a\":\"\u0000\"}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\u12\"}")]
    [InlineData("{\"a\":\"\\u12g4\"}")]
    [InlineData("{\"a\":\"\\")]
    [InlineData("{\"a\":\"\\\"}")]
    [InlineData("{\"a\":1}\u00a0")]
    [InlineData("\u000b{\"a\":1}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"a\":\"\\udc00\"}")]
    [InlineData("{\"a\":\"\\ud800x\"}")]
    [InlineData("{\"a\":\"\\ud800\\n\"}")]
    [InlineData("{\"a\":\"\\ud800\\ud800\"}")]
    [InlineData("{\"a\":\"\\udc00\\ud800\"}")]
    [InlineData("{\"a\":\"\\udc00\\udc00\"}")]
    [InlineData("{\"a\":\"\\ud800\\u0041\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"properties\":{\"x\":[{\"\\udfff\":1}]}}")]
    public void Is_not_json(string text) => Assert.Equal(Refusal.NotJson, Decoding.File(text).Refusal);

    [Theory]
    [InlineData("{}")]
    [InlineData(" \t\r\n{ \t\r\n} \t\r\n")]
    [InlineData("{\"a\":0}")]
    [InlineData("{\"a\":-0}")]
    [InlineData("{\"a\":-0.0e-0}")]
    [InlineData("{\"a\":1E+400}")]
    [InlineData("{\"a\":123456789012345678901234567890}")]
    [InlineData("{\"a\" : [ ] , \"b\" : [ { } , [ 1 , true , false , null ] ] }")]
    [InlineData("{\"a\":\"\\ud83d\\ude00\\uD83D\\uDE00\"}")]
    [InlineData("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uFFFF\"}")]
    [InlineData("{\"a\":\"\u007f\u2028\u2029\ufffe😀\"}")]
    [InlineData("{\"\":1,\"\":2}")]
    public void Is_json(string text) => Assert.Equal(Refusal.NoType, Decoding.File(text).Refusal);

    [Fact]
    public void A_byte_order_mark_is_not_json() => Assert.Equal(Refusal.NotJson, Decoding.File("\ufeff{}").Refusal);

    [Theory]
    [InlineData("ff")]
    [InlineData("c0af")]
    [InlineData("c3")]
    [InlineData("eda080")]
    [InlineData("f4908080")]
    [InlineData("80")]
    public void Bad_utf8_anywhere_is_not_json(string hex)
    {
        byte[] text = [.. "{\"a\":{\"b\":[\""u8, .. Convert.FromHexString(hex), .. "\"]}}"u8];
        Assert.Equal(Refusal.NotJson, Decoding.One(text, RecordSource.File).Refusal);
    }

    [Fact]
    public void Strings_of_every_length_at_every_place_are_read()
    {
        // The scan takes 32 bytes at a time and treats the last ones apart.
        for (int lead = 0; lead < 40; lead++)
        {
            for (int length = 0; length < 100; length++)
            {
                string id = new('x', length);
                string message = $$"""{"{{new string('k', lead)}}":1,"type":"alias","timestamp":"2026-03-01T12:00:00Z","userId":"{{id}}"}""";
                var e = Decoding.File(message);
                Assert.Equal(length == 0 ? Refusal.NoIdentity : Refusal.None, e.Refusal);
                Assert.Equal(id, Decoding.Text(e.UserId));
                if (length > 0)
                    Assert.Equal(Refusal.NotJson, Decoding.File(message.Replace(id + "\"", id[1..] + "\u0001\"")).Refusal);
            }
        }
    }

    [Fact]
    public void A_message_may_have_32768_bytes_and_no_more()
    {
        string start = "{\"a\":\"", end = "\"}";
        string fits = start + new string('x', 32_768 - 8) + end;
        Assert.Equal(32_768, fits.Length);
        Assert.Equal(Refusal.NoType, Decoding.File(fits).Refusal);
        Assert.Equal(Refusal.TooLarge, Decoding.File(fits + " ").Refusal);
        Assert.Equal(Refusal.TooLarge, Decoding.File(new string('[', 32_769)).Refusal);
    }

    [Fact]
    public void Depth_64_is_read_and_65_is_too_deep()
    {
        Assert.Equal(Refusal.NoType, Decoding.File("{\"a\":" + Nested(63) + "}").Refusal);
        Assert.Equal(Refusal.TooDeep, Decoding.File("{\"a\":" + Nested(64) + "}").Refusal);
        Assert.Equal(Refusal.NoType, Decoding.File("{\"context\":{\"a\":" + Nested(62) + "}}").Refusal);
        Assert.Equal(Refusal.TooDeep, Decoding.File("{\"context\":{\"a\":" + Nested(63) + "}}").Refusal);
    }

    [Theory]
    [InlineData("]")]
    [InlineData("{\"a\" x ")]
    [InlineData("\"\\\"[[[[[[[[[[\"")]
    public void Depth_counts_in_texts_that_are_not_json(string lead)
    {
        Assert.Equal(Refusal.NotJson, Decoding.File(lead + new string('[', 60)).Refusal);
        Assert.Equal(Refusal.TooDeep, Decoding.File(lead + new string('[', 70)).Refusal);
    }

    [Fact]
    public void Brackets_inside_strings_are_no_depth() =>
        Assert.Equal(Refusal.NoType, Decoding.File("{\"a\":\"" + new string('[', 100) + "\\\"" + new string('{', 100) + "\"}").Refusal);

    [Fact]
    public void Bad_utf8_that_is_too_deep_is_too_deep() =>
        Assert.Equal(Refusal.TooDeep, Decoding.One([0xff, .. Encoding.UTF8.GetBytes(new string('[', 65))], RecordSource.File).Refusal);

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
