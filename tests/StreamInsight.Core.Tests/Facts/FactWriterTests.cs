using System.Security.Cryptography;
using System.Text;
using StreamInsight.Expressions;
using StreamInsight.Facts;
using Xunit;

namespace StreamInsight.Tests.Facts;

public sealed class FactWriterTests
{
    private const long Noon = 1_772_366_400_000;

    [Theory]
    [InlineData(FactKind.SegmentEntered, "\"segment_entered\"", ",\"segment\":\"s\"")]
    [InlineData(FactKind.SegmentLeft, "\"segment_left\"", ",\"segment\":\"s\"")]
    [InlineData(FactKind.StageChanged, "\"stage_changed\"", ",\"from\":\"a\",\"to\":\"b\"")]
    [InlineData(FactKind.Merged, "\"merged\"", ",\"from\":\"s\"")]
    [InlineData(FactKind.Erased, "\"erased\"", "")]
    [InlineData(FactKind.Trigger, "\"trigger\"", ",\"trigger\":\"s\",\"on\":2,\"with\":{\"features.x\":1.5,\"journey.stage\":null}")]
    public void Keys_come_in_the_order_of_the_contract(FactKind kind, string name, string own)
    {
        var fact = Sample(kind);
        Assert.Equal(
            $"{{\"id\":\"{FactWriter.Id(fact)}\",\"customer\":\"ü\\n1\",\"seq\":3,\"at\":\"2026-03-01T12:00:00.000Z\",\"kind\":{name},\"model\":\"telco-care@7\",\"cause\":\"event:m-1\"{own}}}",
            JsonTests.Written(o => FactWriter.Write(fact, o)));
    }

    [Fact]
    public void The_id_is_half_a_sha256_over_customer_born_seq_and_model()
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes("ü\n1\n-5\n3\ntelco-care@7"));
        Assert.Equal(Convert.ToHexString(hash)[..32].ToLowerInvariant(), FactWriter.Id(Sample(FactKind.Erased)));
    }

    [Fact]
    public void A_long_customer_has_an_id_too()
    {
        string customer = new('é', 20_000);
        var fact = new Fact { Customer = customer, Seq = 1, AtMs = 0, BornMs = 0, Kind = FactKind.Erased, Model = "m@1", Cause = "erase" };
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(customer + "\n0\n1\nm@1"));
        Assert.Equal(Convert.ToHexString(hash)[..32].ToLowerInvariant(), FactWriter.Id(fact));
    }

    private static Fact Sample(FactKind kind) => new()
    {
        Customer = "ü\n1",
        Seq = 3,
        AtMs = Noon,
        BornMs = -5,
        Kind = kind,
        Model = "telco-care@7",
        Cause = "event:m-1",
        Subject = "s",
        From = "a",
        To = "b",
        On = 2,
        With = [new("features.x", Value.Double(1.5)), new("journey.stage", Value.Null)],
    };
}
