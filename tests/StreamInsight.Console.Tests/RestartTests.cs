using Microsoft.Playwright;
using StreamInsight.Console.Tests.Setting;

namespace StreamInsight.Console.Tests;

[Collection(ChromiumCollection.Name)]
public sealed class RestartTests(Chromium chromium)
{
    [ChromiumFact]
    public async Task After_a_restart_of_the_service_the_facts_go_on_where_they_were()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url);
        ILocator facts = visit.Panel("Latest facts");
        await shop.OrderAsync("before", 120);
        await visit.ShowsAsync(facts, "before");

        await shop.StopAsync();
        ILocator standing = visit.Page.GetByRole(AriaRole.Status);
        await visit.ShowsAsync(standing, "no answer, trying again");
        // What is known stays on the page.
        await visit.ShowsAsync(facts, "before");
        await shop.StartAgainAsync();
        await shop.OrderAsync("after", 120);
        await visit.ShowsAsync(facts, "after");
        await visit.ShowsAsync(standing, "connected");

        // Each fact once, none left out: what the API has of both customers is on the page.
        foreach (string customer in (string[])["before", "after"])
        {
            string[] kept = [.. (await shop.AskAsync($"v1/customers/{customer}/facts"))["facts"]!.AsArray().Select(fact => fact!["id"]!.GetValue<string>())];
            Assert.NotEmpty(kept);
            foreach (string id in kept)
                await Visit.Expect(facts.Locator($"[data-fact='{id}']")).ToHaveCountAsync(1);
        }
        Assert.DoesNotContain(visit.Complaints, line => line.StartsWith("script", StringComparison.Ordinal));
    }
}
