using Microsoft.Playwright;
using StreamInsight.Console.Tests.Setting;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Console.Tests;

[Collection(ChromiumCollection.Name)]
public sealed class KeyTests(Chromium chromium)
{
    [ChromiumFact]
    public async Task A_service_with_keys_is_asked_with_the_one_that_is_given()
    {
        (string admin, ApiKey adminKept) = ApiKey.New(KeyRole.Admin);
        (string read, ApiKey readKept) = ApiKey.New(KeyRole.Read);
        (string write, ApiKey writeKept) = ApiKey.New(KeyRole.Write);
        await using ShopService shop = await ShopService.StartAsync(admin, adminKept, readKept, writeKept);
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url);
        await visit.ShowsAsync(visit.Main, "This service asks for a key");
        await GiveAsync(visit, write);
        await visit.ShowsAsync(visit.Main, "It does not accept the key it was given.");
        await GiveAsync(visit, read);
        await visit.ShowsAsync(visit.Page.Locator("[data-figure=customers]"), "3");
        await Visit.Expect(visit.Panel("Latest facts").GetByText("live")).ToBeVisibleAsync();

        // In this tab and nowhere else.
        Assert.Contains(read, await visit.Page.EvaluateAsync<string>("JSON.stringify(sessionStorage)"));
        Assert.Equal("{}", await visit.Page.EvaluateAsync<string>("JSON.stringify(localStorage)"));
        Assert.Equal("", await visit.Page.EvaluateAsync<string>("document.cookie"));
        Assert.DoesNotContain(read, visit.Page.Url);
        await visit.Page.ReloadAsync();
        await visit.ShowsAsync(visit.Page.Locator("[data-figure=customers]"), "3");

        foreach (string at in (string[])["/customers/ada", "/segments/big", "/journey", "/queues/priority", "/model"])
        {
            int before = visit.Complaints.Length;
            await visit.GoAsync(at);
            await Visit.Expect(visit.Main.Locator(".panel").First).ToBeVisibleAsync();
            Assert.Equal(before, visit.Complaints.Length);
        }

        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Forget key" }).ClickAsync();
        await visit.ShowsAsync(visit.Main, "This service asks for a key");
        Assert.Equal("{}", await visit.Page.EvaluateAsync<string>("JSON.stringify(sessionStorage)"));
        Assert.All(visit.Complaints, line => Assert.Contains("401", line));
    }

    private static async Task GiveAsync(Visit visit, string key)
    {
        await visit.Page.Locator("input[name=key]").FillAsync(key);
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Use it" }).ClickAsync();
    }
}
