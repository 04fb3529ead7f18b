namespace StreamInsight.Server.Demo;

/// <summary>One visit to the web shop, the app or a store: looks around, perhaps buys, perhaps struggles to pay, perhaps calls for advice.</summary>
internal sealed class ShopVisit(Timeline timeline, Action<long, Action<long>> at, PhoneCall call, OfferTalk offers)
{
    private static readonly string[] Channels = ["web", "app", "store"];

    private static readonly string[] Categories = ["tariff", "phone", "accessories", "tv", "internet", "tablet"];

    private static readonly double[] Prices = [29, 240, 32, 65, 45, 190];

    private static readonly double[] Popularity = [4, 1.6, 5, 2, 2.5, 0.8];

    public void Play(SimulatedCustomer who, long atMs)
    {
        var chance = who.Chance;
        var channel = Channels[chance.Weighted(who.Persona.Channels)];
        var category = chance.Weighted(Popularity);
        if (channel == "store")
        {
            if (chance.Of(who.Persona.BuyChance))
                Order(who, atMs, channel, category);
            else
                timeline.Track(who, atMs, channel, "Store Visited");
            return;
        }

        if (channel == "app" && who.UserId is not null)
            timeline.Track(who, atMs, channel, "App Login");
        else
            timeline.Page(who, atMs, channel, "Home");

        var now = LookAround(who, atMs, channel, category);
        offers.OnScreen(who, now - (5 * Spans.Second), channel);
        if (who.UserId is null)
            return;
        if (chance.Of(who.Persona.BuyChance * who.Keenness(atMs)))
            Pay(who, now, channel, category);
        else if (chance.Of(0.03))
            at(Rhythm.WhenOpen(chance, now + chance.Between(Spans.Minute, 30 * Spans.Minute)), later => call.Play(who, later, "advice"));
    }

    private long LookAround(SimulatedCustomer who, long atMs, string channel, int category)
    {
        var chance = who.Chance;
        var views = 1 + Math.Min((int)chance.Gap(2.2), 9);
        for (var i = 0; i < views; i++)
        {
            atMs += chance.Between(10 * Spans.Second, 150 * Spans.Second);
            var seen = chance.Of(0.7) ? category : chance.Weighted(Popularity);
            timeline.Track(who, atMs, channel, "Product Viewed",
                new Property("category", Categories[seen]), new Property("price", Price(chance, seen)));
        }
        if (chance.Of(0.25))
        {
            atMs += chance.Between(5 * Spans.Second, 60 * Spans.Second);
            timeline.Track(who, atMs, channel, "Product Added", new Property("category", Categories[category]));
        }
        return atMs + chance.Between(20 * Spans.Second, 4 * Spans.Minute);
    }

    private void Pay(SimulatedCustomer who, long atMs, string channel, int category)
    {
        var chance = who.Chance;
        if (!chance.Of(who.Persona.PaymentFailure))
        {
            Order(who, atMs, channel, category);
            return;
        }
        who.Cheer(-1);
        timeline.Track(who, atMs, channel, "Payment Failed",
            new Property("amount", Price(chance, category)), new Property("reason", chance.Of(0.6) ? "card_declined" : "timeout"));
        if (chance.Of(0.5))
            Order(who, atMs + chance.Between(Spans.Minute, 5 * Spans.Minute), channel, category);
        if (chance.Of(0.4))
            at(Rhythm.WhenOpen(chance, atMs + chance.Between(Spans.Minute, 40 * Spans.Minute)), later => call.Play(who, later, "billing"));
    }

    private void Order(SimulatedCustomer who, long atMs, string channel, int category)
    {
        var chance = who.Chance;
        var total = Price(chance, category);
        who.Cheer(0.4);
        timeline.Track(who, atMs, channel, "Order Completed",
            new Property("total", total), new Property("category", Categories[category]));
        if (chance.Of(who.Persona == Persona.BargainHunter ? 0.12 : 0.03))
            at(atMs + chance.Between(2 * Spans.Hour, 2 * Spans.Day), later =>
                timeline.Track(who, later, channel, "Order Cancelled", new Property("total", total), new Property("category", Categories[category])));
    }

    private static double Price(Chance chance, int category) => Math.Round(Prices[category] * chance.Between(0.5, 1.8), 2);
}
