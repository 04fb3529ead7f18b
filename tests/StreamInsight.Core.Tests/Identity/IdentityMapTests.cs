using Xunit;

namespace StreamInsight.Identity;

public sealed class IdentityMapTests
{
    private readonly IdentityMap _ids = new(seed: 42, limit: 4);

    [Fact]
    public void Ids_are_kept_byte_for_byte()
    {
        int[] slots = [Slot("u1"), Slot("U1"), Slot("u1 "), Slot("ü"), _ids.GetOrAdd([0xC3]), _ids.GetOrAdd([0])];
        Assert.Equal(slots.Length, slots.Distinct().Count());
        Assert.Equal(slots[3], _ids.Find("ü"u8));
        Assert.Equal(-1, _ids.Find("u2"u8));
    }

    [Fact]
    public void Ten_thousand_ids_of_every_length_are_found_again()
    {
        string[] names = [.. Enumerable.Range(0, 10_000).Select(i => new string('x', i % 40) + i)];
        int[] slots = [.. names.Select(Slot)];
        Assert.Equal(slots, names.Select(name => _ids.Find(System.Text.Encoding.UTF8.GetBytes(name))));
        Assert.Equal(names, slots.Select(_ids.Name));
    }

    [Fact]
    public void A_chain_of_links_leads_to_one_root()
    {
        Link("a", "b");
        Link("b", "c");
        Assert.Equal(Slot("c"), _ids.Root(Slot("a")));
        Assert.Equal(2, _ids.Links(Slot("c")));
    }

    [Fact]
    public void A_link_that_exists_does_nothing()
    {
        Assert.Equal(LinkOutcome.Linked, Link("a", "b"));
        Assert.Equal(LinkOutcome.Exists, Link("a", "b"));
    }

    [Fact]
    public void A_circle_and_a_link_to_itself_are_refused()
    {
        Link("a", "b");
        Assert.Equal(LinkOutcome.RefusedMerge, Link("b", "a", isAlias: true));
        Assert.Equal(LinkOutcome.RefusedMerge, Link("a", "a", isAlias: true));
    }

    [Fact]
    public void A_known_root_is_given_up_to_an_alias_only()
    {
        _ids.MarkKnown(Slot("a"));
        Assert.Equal(LinkOutcome.RefusedMerge, Link("a", "b"));
        Assert.Equal(LinkOutcome.Linked, Link("a", "b", isAlias: true));
    }

    [Fact]
    public void A_customer_has_no_more_ids_than_allowed()
    {
        Link("a", "r");
        Link("b", "r");
        Link("c", "r");
        Assert.Equal(LinkOutcome.RefusedLimit, Link("d", "r"));
        Assert.Equal(LinkOutcome.RefusedLimit, Link("r", "other", isAlias: true));
    }

    private int Slot(string id) => _ids.GetOrAdd(System.Text.Encoding.UTF8.GetBytes(id));

    private LinkOutcome Link(string from, string to, bool isAlias = false) => _ids.Link(Slot(from), Slot(to), isAlias, out _);
}
