using System.Text.Json.Nodes;
using Microsoft.Playwright;
using StreamInsight.Console.Tests.Setting;

namespace StreamInsight.Console.Tests.Pages;

[Collection(ChromiumCollection.Name)]
public sealed class OverviewTests(Chromium chromium)
{
    [ChromiumFact]
    public async Task It_shows_what_the_api_says()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url);
        await visit.ShowsAsync(visit.Page.Locator("[data-figure=customers]"), "3");
        foreach (JsonNode? segment in (await shop.AskAsync("v1/segments"))["segments"]!.AsArray())
        {
            ILocator row = visit.Panel("Segments").Locator($"[data-segment={segment!["name"]}]");
            await visit.ShowsAsync(row, $"{segment["name"]}{segment["members"]}+{segment["entered"]}−{segment["left"]}");
        }
        foreach (JsonNode? stage in (await shop.AskAsync("v1/journey"))["stages"]!.AsArray())
            await visit.ShowsAsync(visit.Panel("Journey").Locator($"[data-stage={stage!["name"]}]"), stage["customers"]!.ToString());
        await visit.ShowsAsync(visit.Panel("Facts").Locator("[data-count=segment_entered]"), "4");
        await visit.ShowsAsync(visit.Panel("Refused").Locator("[data-count=bad_property]"), "1");
        await visit.ShowsAsync(visit.Panel("Service"), "shop@3");
        await visit.ShowsAsync(visit.Panel("Service"), "ready");
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task What_happens_appears_by_itself()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url);
        ILocator facts = visit.Panel("Latest facts");
        // What was before is there at once, then what comes.
        await visit.ShowsAsync(facts, "cyd");
        await Visit.Expect(facts.GetByText("live")).ToBeVisibleAsync();
        await shop.OrderAsync("dora", 120);
        await visit.ShowsAsync(facts, "dora");
        await visit.ShowsAsync(visit.Page.Locator("[data-figure=customers]"), "4");
        await visit.ShowsAsync(visit.Panel("Segments").Locator("[data-segment=big]"), "big3+3");

        await facts.GetByRole(AriaRole.Combobox).SelectOptionAsync("trigger");
        await Visit.Expect(facts.Locator("tbody tr")).ToHaveCountAsync(3);
        await visit.ShowsAsync(facts.Locator("tbody tr").First, "big in");
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task Facts_that_are_held_wait_and_come_later()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url);
        ILocator facts = visit.Panel("Latest facts");
        await visit.ShowsAsync(facts, "cyd");
        await facts.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Hold" }).ClickAsync();
        await shop.OrderAsync("dora", 120);
        await visit.ShowsAsync(visit.Page.Locator("[data-figure=customers]"), "4");
        await Visit.Expect(facts).Not.ToContainTextAsync("dora");
        await facts.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Go on" }).ClickAsync();
        await visit.ShowsAsync(facts, "dora");
    }
}
