using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using StreamInsight.Console.Tests.Setting;

namespace StreamInsight.Console.Tests.Pages;

[Collection(ChromiumCollection.Name)]
public sealed class CustomerTests(Chromium chromium)
{
    [ChromiumFact]
    public async Task A_customer_is_found_by_its_id_and_shown_as_the_api_says()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url);
        await visit.Page.GetByRole(AriaRole.Searchbox, new PageGetByRoleOptions { Name = "Customer id" }).FillAsync("ada");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.ShowsAsync(visit.Page.Locator("h1"), "Customers ada");
        Assert.EndsWith("#/customers/ada", visit.Page.Url);

        JsonNode profile = await shop.AskAsync("v1/customers/ada");
        ILocator routing = visit.Panel("Routing");
        await visit.ShowsAsync(routing, "fresh");
        await visit.ShowsAsync(routing.Locator("[data-figure=score]"), profile["routing"]!["score"]!.ToString());
        await visit.ShowsAsync(routing, "priority");
        await visit.ShowsAsync(routing, "calls often");
        await visit.ShowsAsync(visit.Panel("Journey").Locator("[data-figure=stage]"), profile["journey"]!["stage"]!.GetValue<string>());
        foreach ((string name, JsonNode? value) in profile["features"]!.AsObject())
            await visit.ShowsAsync(visit.Panel("Features").Locator($"[data-feature={name}]"), value!.GetValue<double>().ToString(CultureInfo.InvariantCulture));
        foreach ((string name, JsonNode? since) in profile["segments"]!.AsObject())
        {
            ILocator segment = visit.Panel("Segments").Locator($"[data-segment={name}][data-member=true]");
            await Visit.Expect(segment.Locator("summary time")).ToHaveAttributeAsync("datetime", since!.GetValue<string>());
        }
        await visit.ShowsAsync(visit.Panel("Scores"), "0.6");
        await visit.ShowsAsync(visit.Panel("Traits").Locator("[data-trait=tier]"), "gold");
        int facts = (await shop.AskAsync("v1/customers/ada/facts"))["facts"]!.AsArray().Count;
        await Visit.Expect(visit.Panel("Facts").Locator("tbody tr")).ToHaveCountAsync(facts);
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task Before_anybody_is_asked_for_it_names_whom_something_happened_to()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/customers");
        await visit.ShowsAsync(visit.Panel("Lately").Locator("li").First, "cyd");
        await visit.Panel("Lately").GetByText("ben").ClickAsync();
        await visit.ShowsAsync(visit.Page.Locator("h1"), "Customers ben");
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task It_tells_why_a_segment_holds_and_when_that_turns()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/customers/ben");
        ILocator segments = visit.Panel("Segments");
        await segments.GetByText("Not in 3, and why").ClickAsync();
        ILocator big = segments.Locator("[data-segment=big]");
        await big.Locator("summary").ClickAsync();
        await visit.ShowsAsync(big, "features.spend_30d >= 100.0");
        await visit.ShowsAsync(big, "features.spend_30d = 40");
        await visit.ShowsAsync(big, "does not hold");

        // An opened explanation stays open, and follows.
        await shop.OrderAsync("ben", 100);
        ILocator inside = segments.Locator("[data-segment=big][data-member=true]");
        await inside.Locator("summary").ClickAsync();
        await visit.ShowsAsync(inside, "features.spend_30d = 140");
        string turns = (await shop.AskAsync("v1/customers/ben/explain"))["segments"]!["big"]!["when"]!["turns_at"]!.GetValue<string>();
        await Visit.Expect(inside.Locator(".condition time")).ToHaveAttributeAsync("datetime", turns);
        await shop.OrderAsync("ben", 1);
        await visit.ShowsAsync(inside, "features.spend_30d = 141");
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task It_tells_why_an_action_is_not_offered()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/customers/cyd");
        JsonNode why = (await shop.AskAsync("v1/customers/cyd/explain"))["actions"]!["thank_you"]!;
        Assert.Equal("consent", why["removed_by"]!.GetValue<string>());
        ILocator actions = visit.Panel("Next best actions");
        await visit.ShowsAsync(actions, "None is offered now.");
        await actions.GetByText("Not offered: 2, and why not").ClickAsync();
        ILocator thanks = actions.Locator("[data-action=thank_you]");
        await thanks.Locator("summary").ClickAsync();
        await visit.ShowsAsync(thanks, "consent");
        await visit.ShowsAsync(thanks, why["change"]!.GetValue<string>());

        await visit.GoAsync("/customers/ada");
        await visit.ShowsAsync(visit.Panel("Next best actions").Locator("[data-action=thank_you]"), "1");
        Assert.Empty(visit.Complaints);
    }

    [ChromiumFact]
    public async Task Somebody_unknown_is_said_to_be_unknown()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/customers/no%2Fbody");
        await visit.ShowsAsync(visit.Main, "No such customer.");
        await visit.ShowsAsync(visit.Page.Locator("h1"), "no/body");
        // One question, one answer; the browser itself writes a 404 down.
        Assert.Equal(["/v1/customers/no%2Fbody"], visit.Complaints.Where(line => line.StartsWith("answer: 404 ", StringComparison.Ordinal)).Select(line => line[12..]));
        Assert.DoesNotContain(visit.Complaints, line => line.StartsWith("script", StringComparison.Ordinal));
    }
}
