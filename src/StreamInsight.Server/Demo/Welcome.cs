namespace StreamInsight.Server.Demo;

/// <summary>Names, and the first identify call of a customer.</summary>
internal static class Welcome
{
    private static readonly string[] First =
        ["Ada", "Ben", "Chloé", "Deniz", "Elif", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Lena", "Mats", "Nora", "Otto", "Paula", "Quirin", "Rosa", "Sami", "Tilda", "Umut", "Vera", "Willem", "Yuna", "Zoë"];

    private static readonly string[] Last =
        ["Albrecht", "Bauer", "Çelik", "Dubois", "Engel", "Fischer", "García", "Hansen", "Iversen", "Jansen", "Krüger", "Lorenz", "Moreau", "Nowak", "Olsen", "Peters", "Rossi", "Schmidt", "Tanaka", "Vogel", "Weber", "Yılmaz", "Zimmer"];

    private static readonly string[] Zones = ["Europe/Berlin", "Europe/Berlin", "Europe/Paris", "Europe/Istanbul", "Europe/Lisbon"];

    private static readonly string[] Languages = ["de", "de", "fr", "tr", "pt", "en"];

    /// <summary>Gives the <paramref name="index"/>th customer its id and name.</summary>
    public static void Name(SimulatedCustomer who, int index)
    {
        who.UserId = "u" + (1_001 + index);
        who.Name = who.Chance.OneOf(First) + " " + who.Chance.OneOf(Last);
    }

    public static void Introduce(Timeline timeline, SimulatedCustomer who, long atMs)
    {
        var chance = who.Chance;
        var tier = who.Persona == Persona.LoyalBuyer && chance.Of(0.5) ? "gold" : chance.Of(0.3) ? "silver" : "basic";
        timeline.Identify(who, atMs, "web",
            new Property("name", who.Name),
            new Property("phone", "+49 30 55 " + who.UserId![1..]),
            new Property("email", who.UserId + "@mail.example"),
            new Property("tier", tier),
            new Property("birth_year", 1945 + chance.Below(62)),
            new Property("zone", chance.OneOf(Zones)),
            new Property("language", chance.OneOf(Languages)),
            new Property("consent_voice", chance.Of(0.7)),
            new Property("consent_email", chance.Of(0.8)));
    }
}
