using System.Text;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Pipeline.Tests.Erasures;

public sealed class NamedRecordTests
{
    private readonly NamedRecord _names = new(["u1", "a7", "Zoë", "42"]);

    [Theory]
    [InlineData("""{"type":"track","userId":"u1"}""")]
    [InlineData("""{"type":"track","anonymousId":"a7","userId":"u2"}""")]
    [InlineData("""{"type":"alias","previousId":"u1","userId":"u2"}""")]
    [InlineData("""{"specversion":"1.0","subject":"u1"}""")]
    [InlineData("""{"userId":"Zo\u00eb"}""")]
    [InlineData("""{"userId":"\u00751"}""")]
    [InlineData("""{"userId":42}""")]
    [InlineData("""{"batch":[{"userId":"u1"}]}""")]
    [InlineData("""{"userId":"u1", broken""")]
    public void A_record_that_is_all_theirs_goes_whole(string record)
    {
        Assert.Equal("", Rest(record, out int removed));
        Assert.Equal(1, removed);
    }

    [Theory]
    [InlineData("""{"type":"track","userId":"u11"}""")]
    [InlineData("""{"type":"track","userId":"u2","properties":{"userId":"u1","note":"u1"}}""")]
    [InlineData("""{"userId":"Zoe","x":"\""}""")]
    [InlineData("""{"userId":"\ud800u1"}""")]
    [InlineData("""{"userId":4.2e1}""")]
    [InlineData("not u1 at all")]
    public void Another_record_stays(string record)
    {
        Assert.Equal(record, Rest(record, out int removed));
        Assert.Equal(0, removed);
    }

    [Fact]
    public void In_a_batch_the_others_keep_their_places_and_their_text()
    {
        string rest = Rest("""{"sentAt":"2026-01-01T00:00:00Z","batch":[{"userId":"u2","x": 1.0},{"userId":"u1"},{"userId":"u3","y":"Zoë"}]}""", out int removed);
        Assert.Equal("""{"sentAt":"2026-01-01T00:00:00Z","batch":[{"userId":"u2","x": 1.0},{},{"userId":"u3","y":"Zoë"}]}""", rest);
        Assert.Equal(1, removed);
    }

    private string Rest(string record, out int removed) => Encoding.UTF8.GetString(_names.Rest(Encoding.UTF8.GetBytes(record), out removed).Span);
}
