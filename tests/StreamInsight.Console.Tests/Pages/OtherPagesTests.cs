using System.Text.Json.Nodes;
using Microsoft.Playwright;
using StreamInsight.Console.Tests.Setting;

namespace StreamInsight.Console.Tests.Pages;

[Collection(ChromiumCollection.Name)]
public sealed class OtherPagesTests(Chromium chromium)
{
    [ChromiumFact]
    public async Task A_segment_lists_its_members_and_who_came_last()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/segments");
        await visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "big" }).ClickAsync();
        ILocator members = visit.Panel("Members").Locator("li");
        await Visit.Expect(members).ToHaveCountAsync(2);
        int row = 0;
        foreach (JsonNode? member in (await shop.AskAsync("v1/segments/big/members"))["members"]!.AsArray())
        {
            await visit.ShowsAsync(members.Nth(row), member!["customer"]!.GetValue<string>());
            await Visit.Expect(members.Nth(row++).Locator("time")).ToHaveAttributeAsync("datetime", member["since"]!.GetValue<string>());
        }
        ILocator newest = visit.Panel("Newest entries").Locator("li");
        await visit.ShowsAsync(newest.First, "cyd");
        await shop.OrderAsync("ben", 100);
        await visit.ShowsAsync(newest.First, "ben");
        await newest.First.GetByRole(AriaRole.Link).ClickAsync();
        await visit.ShowsAsync(visit.Page.Locator("h1"), "Customers ben");
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task Members_are_read_page_by_page()
    {
        await using ShopService shop = await ShopService.StartAsync();
        for (int i = 0; i < 60; i++)
            await shop.OrderAsync($"m{i:00}", 200);
        await shop.UntilAsync("v1/segments", answer => answer["segments"]![0]!["members"]!.GetValue<int>() == 62);
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/segments/big");
        ILocator members = visit.Panel("Members").Locator("li");
        await Visit.Expect(members).ToHaveCountAsync(50);
        await visit.Panel("Members").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "More" }).ClickAsync();
        await Visit.Expect(members).ToHaveCountAsync(12);
        await visit.ShowsAsync(members.Last, "m59");
        await visit.Panel("Members").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Back" }).ClickAsync();
        await visit.ShowsAsync(members.First, "ada");
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task The_journey_shows_where_everybody_is_and_who_moves()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/journey");
        await visit.ShowsAsync(visit.Panel("Stages").Locator("[data-stage=buyer]"), "3");
        await visit.ShowsAsync(visit.Panel("Ways"), "fresh → buyer3");
        for (int i = 0; i < 3; i++)
            await shop.SendAsync("track", """{"event":"Call Started","userId":"cyd"}""");
        await visit.ShowsAsync(visit.Panel("Stages").Locator("[data-stage=at_risk]"), "1");
        await visit.ShowsAsync(visit.Panel("Latest moves").Locator("tbody tr").First, "buyer → at risk");
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task A_queue_is_a_call_list_by_score()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/queues/priority");
        ILocator calls = visit.Panel("Call list of priority").Locator("ol li");
        await Visit.Expect(calls).ToHaveCountAsync(2);
        int row = 0;
        foreach (JsonNode? call in (await shop.AskAsync("v1/queues/priority"))["customers"]!.AsArray())
            await visit.ShowsAsync(calls.Nth(row++), $"{call!["customer"]}{call["score"]}");
        await visit.Page.GetByRole(AriaRole.Navigation, new PageGetByRoleOptions { Name = "Queues" }).GetByText("general").ClickAsync();
        await visit.ShowsAsync(visit.Panel("Call list of general"), "ben");
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task The_model_is_shown_as_it_is()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/model");
        ILocator text = visit.Panel("shop@3").Locator("pre");
        await visit.ShowsAsync(text, "model: shop");
        Assert.Equal((await shop.TextAsync("v1/model")).TrimEnd(), (await text.TextContentAsync())!.TrimEnd());
        Assert.Empty(visit.Complaints);
    }
}
