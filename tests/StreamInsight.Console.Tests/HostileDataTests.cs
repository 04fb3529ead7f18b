using System.Text.Json.Nodes;
using StreamInsight.Console.Tests.Setting;

namespace StreamInsight.Console.Tests;

[Collection(ChromiumCollection.Name)]
public sealed class HostileDataTests(Chromium chromium)
{
    private const string Image = "<img src=x onerror=\"document.title='taken'\">";
    private const string Script = "<script>document.title='taken'</script>";

    [ChromiumFact]
    public async Task Nothing_that_comes_from_data_is_executed()
    {
        await using ShopService shop = await ShopService.StartAsync();
        string id = $"eve{Image}{Script}javascript:alert(1)";
        await shop.SendAsync("identify", new JsonObject { ["userId"] = id, ["traits"] = new JsonObject { ["note"] = Image + Script, ["tier"] = Script } }.ToJsonString());
        await shop.SendAsync("track", new JsonObject { ["userId"] = id, ["event"] = "Order Completed", ["properties"] = new JsonObject { ["total"] = 150 } }.ToJsonString());
        string customer = $"v1/customers/{Uri.EscapeDataString(id)}";
        await shop.UntilAsync(customer, profile => profile["segments"]!["big"] is not null);

        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, $"/customers/{Uri.EscapeDataString(id)}");
        await visit.ShowsAsync(visit.Panel("Traits").Locator("[data-trait=note]"), Image + Script);
        await visit.ShowsAsync(visit.Page.Locator("h1"), id);
        foreach (string at in (string[])["/", "/segments/big", "/queues/priority", "/journey"])
        {
            await visit.GoAsync(at);
            await visit.ShowsAsync(visit.Main, id);
            Assert.Equal(0, await visit.Main.Locator("img, script, [onerror]").CountAsync());
            Assert.DoesNotContain("taken", await visit.Page.TitleAsync());
        }
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task Masked_traits_are_shown_on_no_page()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/customers/ada");
        await visit.ShowsAsync(visit.Panel("Traits").Locator("[data-trait=name]"), "***");
        foreach (string at in (string[])["/customers/ada", "/", "/segments/big", "/queues/priority"])
        {
            await visit.GoAsync(at);
            await visit.ShowsAsync(visit.Main, "ada");
            Assert.DoesNotContain("Lovelace", await visit.Page.ContentAsync());
        }
    }
}
