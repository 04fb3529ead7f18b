using Microsoft.Playwright;
using StreamInsight.Console.Tests.Setting;

namespace StreamInsight.Console.Tests;

[Collection(ChromiumCollection.Name)]
public sealed class LayoutTests(Chromium chromium)
{
    private static readonly string[] Pages = ["/", "/customers/ada", "/segments/big", "/journey", "/queues/priority", "/model"];

    [ChromiumFact]
    public async Task Every_page_fits_a_phone_of_400_pixels()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, width: 400);
        foreach (string at in Pages)
        {
            await visit.GoAsync(at);
            await Visit.Expect(visit.Main.Locator(".panel h2").First).ToBeVisibleAsync();
            int width = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(width <= 400, $"{at} is {width} pixels wide");
        }
    }

    [ChromiumFact]
    public async Task Everything_is_reached_by_keyboard_and_the_focus_goes_to_the_new_page()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url);
        await visit.ShowsAsync(visit.Page.Locator("[data-figure=customers]"), "3");
        await TabToAsync(visit, "Segments");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Visit.Expect(visit.Page.Locator("h1")).ToBeFocusedAsync();
        await visit.ShowsAsync(visit.Page.Locator("h1"), "Segments");
        await TabToAsync(visit, "big");
        await visit.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(visit, "ada");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.ShowsAsync(visit.Page.Locator("h1"), "Customers ada");
        await TabToAsync(visit, "big");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Visit.Expect(visit.Panel("Segments").Locator("[data-segment=big][open]")).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Every_page_has_one_heading_and_everything_to_press_has_a_name()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url);
        foreach (string at in Pages)
        {
            await visit.GoAsync(at);
            await Visit.Expect(visit.Main.Locator(".panel h2").First).ToBeVisibleAsync();
            Assert.Equal(1, await visit.Page.Locator("h1").CountAsync());
            string[] nameless = await visit.Page.EvaluateAsync<string[]>("""
                [...document.querySelectorAll("a, button, input, select, summary")]
                  .filter(e => !(e.textContent.trim() || e.getAttribute("aria-label") || e.closest("label")))
                  .map(e => e.outerHTML)
                """);
            Assert.Empty(nameless);
        }
    }

    /// <summary>Presses Tab until something that begins with the text has the focus.</summary>
    private static async Task TabToAsync(Visit visit, string text)
    {
        for (int i = 0; i < 80; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            if (await visit.Page.EvaluateAsync<bool>("text => document.activeElement.textContent.startsWith(text)", text))
                return;
        }
        Assert.Fail($"Tab does not lead to {text}.");
    }
}
