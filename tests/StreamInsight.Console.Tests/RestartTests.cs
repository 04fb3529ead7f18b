using Microsoft.Playwright;
using StreamInsight.Console.Tests.Setting;

namespace StreamInsight.Console.Tests;

[Collection(ChromiumCollection.Name)]
public sealed class RestartTests(Chromium chromium)
{
    [ChromiumFact]
    public async Task A_tab_in_the_background_asks_for_nothing_and_catches_up_when_it_is_looked_at()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url);
        ILocator facts = visit.Panel("Latest facts");
        await visit.ShowsAsync(facts, "cyd");
        Task closed = WhenClosedAsync(visit.Page);
        await HideAsync(visit.Page, true);
        await closed;
        await shop.OrderAsync("meanwhile", 120);
        // The answer is in the log long before a page that still asked would have shown it.
        await shop.UntilAsync("v1/segments", answer => answer["segments"]![0]!["members"]!.GetValue<int>() == 3);
        await Visit.Expect(facts).Not.ToContainTextAsync("meanwhile");
        await HideAsync(visit.Page, false);
        await visit.ShowsAsync(facts, "meanwhile");
        await visit.ShowsAsync(visit.Page.Locator("[data-figure=customers]"), "4");
        Assert.Empty(visit.Complaints);
    }

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

    /// <summary>Ends when the page has closed its stream.</summary>
    private static Task WhenClosedAsync(IPage page)
    {
        var closed = new TaskCompletionSource();
        page.RequestFailed += (_, request) =>
        {
            if (request.Url.Contains("/v1/facts/stream", StringComparison.Ordinal))
                closed.TrySetResult();
        };
        return closed.Task.WaitAsync(TimeSpan.FromMilliseconds(Visit.PatienceMs));
    }

    /// <summary>As the browser does when another tab is chosen.</summary>
    private static Task HideAsync(IPage page, bool isHidden) => page.EvaluateAsync(
        "isHidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden }); document.dispatchEvent(new Event('visibilitychange')) }", isHidden);
}
