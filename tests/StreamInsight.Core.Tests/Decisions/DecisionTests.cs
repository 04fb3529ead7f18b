using StreamInsight.Events;
using StreamInsight.Facts;
using Xunit;

namespace StreamInsight.Decisions;

public sealed class DecisionTests
{
    private const string Head = """
        model: t
        version: 1
        zone: Europe/Berlin
        traits: { name: string, agrees: bool, zone: string, tier: string }
        events:
          order: { name: "Order Completed", properties: { total: double } }
        features:
          spend: { sum: order.total, window: 90d }
          orders: { count: order, window: 1h }
        segments:
          buyer: { when: features.spend > 0.0 }

        """;

    private const string Two = """
        actions:
          call:  { channels: [voice], eligible: segments.buyer, value: 10.0 }
          offer: { channels: [voice, app], eligible: segments.buyer, value: features.spend }

        """;

    [Fact]
    public void A_ranking_is_told_when_it_changes_and_only_then()
    {
        var run = new DecisionRun(Head + Two);
        run.Identify(0, "{\"name\":\"Ada\"}");
        Assert.Empty(run.Facts);
        run.Track(1, "Order Completed", "{\"total\":5}");
        Assert.Equal("call:voice offer:voice+app", run.Ranking());
        run.Track(2, "Order Completed", "{\"total\":1}");
        Assert.Single(run.Facts, fact => fact.Kind == FactKind.ActionsChanged);
        run.Track(3, "Order Completed", "{\"total\":100}");
        Assert.Equal("offer:voice+app call:voice", run.Ranking());
        run.Advance(91 * 24 * 60);
        Assert.Equal("", run.Ranking());
        Assert.Equal([FactKind.SegmentLeft, FactKind.ActionsChanged], run.Facts.TakeLast(2).Select(fact => fact.Kind));
    }

    [Fact]
    public void Equal_scores_are_ordered_by_what_was_shown_longest_ago_then_by_name()
    {
        var run = new DecisionRun(Head + "actions: { b: { channels: [app], eligible: true, value: 1 }, a: { channels: [app], eligible: true, value: 1 }, c: { channels: [app], eligible: true, value: 1 } }");
        run.Identify(0, "{}");
        Assert.Equal("a:app b:app c:app", run.Ranking());
        run.Track(1, "Action Shown", "{\"action\":\"a\",\"channel\":\"app\"}");
        Assert.Equal("b:app c:app a:app", run.Ranking());
        run.Track(2, "Action Sent", "{\"action\":\"b\",\"channel\":\"app\"}");
        Assert.Equal("c:app a:app b:app", run.Ranking());
    }

    [Fact]
    public void Exponents_weigh_the_factors()
    {
        const string actions = "actions: { likely: { channels: [app], eligible: true, propensity: 0.9, value: 2 }, dear: { channels: [app], eligible: true, propensity: 0.1, value: 10 } }\n";
        Assert.Equal("likely:app dear:app", Ranked(actions));
        Assert.Equal("dear:app likely:app", Ranked(actions + "arbitration: { exponents: { propensity: 0 } }"));
        Assert.Equal("dear:app likely:app", Ranked(actions + "arbitration: { exponents: { value: 2 } }"));
        Assert.Equal("likely:app", Ranked(actions + "arbitration: { top: 1 }"));

        static string Ranked(string yaml)
        {
            var run = new DecisionRun(Head + yaml);
            run.Identify(0, "{}");
            return run.Ranking();
        }
    }

    [Fact]
    public void A_factor_that_is_no_number_from_zero_up_removes_the_action()
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [app], eligible: true, value: 'features.spend - 10.0' } }");
        run.Track(0, "Order Completed", "{\"total\":5}");
        Assert.Equal("", run.Ranking());
        run.Track(1, "Order Completed", "{\"total\":5}");
        Assert.Equal("a:app", run.Ranking());
    }

    [Fact]
    public void Consent_closes_channels_one_by_one_and_purposes_at_once()
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [voice, app, mail], eligible: true, value: 1, purpose: marketing } }\npolicy: { consent: { voice: traits.agrees, app: true, marketing: traits.tier != 'none' } }");
        run.Identify(0, "{\"tier\":\"gold\"}");
        Assert.Equal("a:app", run.Ranking());
        run.Identify(1, "{\"agrees\":true}");
        Assert.Equal("a:voice+app", run.Ranking());
        run.Identify(2, "{\"tier\":\"none\"}");
        Assert.Equal("", run.Ranking());
    }

    [Fact]
    public void A_contact_counts_against_the_cap_until_its_window_is_over_to_the_millisecond()
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [voice, app], eligible: true, value: 1 } }\npolicy: { caps: [ { channel: voice, max: 1, window: 7d }, { max: 2, window: 1d } ] }");
        run.Identify(0, "{}");
        run.Track(1, "Action Sent", "{\"action\":\"a\",\"channel\":\"voice\"}");
        Assert.Equal("a:app", run.Ranking());
        run.Track(2, "Action Shown", "{\"action\":\"a\",\"channel\":\"app\"}");
        Assert.Equal("", run.Ranking());
        run.Advance(1 + (24 * 60));
        Assert.Equal("a:app", run.Ranking());
        Assert.Equal(DecisionRun.At(1 + (24 * 60)), Instant(run.Facts[^1].AtMs));
        run.Advance(1 + (7 * 24 * 60));
        Assert.Equal("a:voice+app", run.Ranking());
        Assert.Equal(DecisionRun.At(1 + (7 * 24 * 60)), Instant(run.Facts[^1].AtMs));
    }

    [Fact]
    public void A_decision_holds_its_place_until_it_is_sent_or_the_time_is_over()
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [voice], eligible: true, value: 1 } }\npolicy: { caps: [ { max: 1, window: 1d } ], reserve_for: 10m }");
        run.Identify(0, "{}");
        DecisionRecord first = run.Decide(1, "voice", "d1");
        Assert.Equal("a", first.Reserved);
        Assert.Equal(DecisionRun.At(11), Instant(first.ReservedUntilMs));
        Assert.Null(run.Decide(2, "voice", "d2").Reserved);
        run.Advance(11);
        Assert.Equal("a", run.Decide(11, "voice", "d3").Reserved);
        run.Track(12, "Action Sent", "{\"action\":\"a\",\"channel\":\"voice\",\"decision\":\"d3\"}");
        run.Track(13, "Action Shown", "{\"action\":\"a\",\"channel\":\"voice\",\"decision\":\"d3\"}");
        run.Advance(30);
        Assert.Null(run.Decide(31, "voice", "d4").Reserved);
        run.Advance(12 + (24 * 60));
        Assert.Equal("a", run.Decide(12 + (24 * 60), "voice", "d5").Reserved);
    }

    [Fact]
    public void A_thousand_decisions_never_pass_a_cap()
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [voice, app], eligible: true, value: 1 }, b: { channels: [app], eligible: true, value: 2, topic: t } }\npolicy: { caps: [ { max: 5, window: 7d }, { topic: t, max: 2, window: 7d } ] }") { IsStoredAtEveryStep = true };
        run.Identify(0, "{}");
        int reserved = 0;
        for (int i = 0; i < 1_000; i++)
            reserved += run.Decide(1 + (i / 1_000.0), i % 3 == 0 ? "voice" : "app", $"d{i}").Reserved is null ? 0 : 1;
        Assert.Equal(5, reserved);
    }

    [Fact]
    public void Transactional_actions_skip_holdout_caps_and_pauses()
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [app], eligible: true, value: 1 }, notice: { channels: [app], eligible: true, value: 1, class: transactional } }\npolicy: { caps: [ { max: 0, window: 1d } ], holdout: { share: 1 } }");
        run.Identify(0, "{}");
        Assert.Equal("notice:app", run.Ranking());
        DecisionRecord decision = run.Decide(1, "app", "d");
        Assert.Contains("\"action\":\"a\",\"removed_by\":\"holdout\"", System.Text.Encoding.UTF8.GetString(decision.Json));
    }

    [Fact]
    public void Declines_pause_an_action()
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [app], eligible: true, value: 1 }, b: { channels: [app], eligible: true, value: 1 } }\npolicy: { reject: { after: 2, within: 14d, pause: 30d } }");
        run.Identify(0, "{}");
        run.Track(1, "Offer Declined", "{\"action\":\"a\"}");
        run.Track(2, "Offer Declined", "{\"action\":\"b\"}");
        Assert.Equal("a:app b:app", run.Ranking());
        run.Track(3, "Offer Declined", "{\"action\":\"a\"}");
        Assert.Equal("b:app", run.Ranking());
        run.Advance(3 + (30 * 24 * 60));
        Assert.Equal("a:app b:app", run.Ranking());
        Assert.Equal(DecisionRun.At(3 + (30 * 24 * 60)), Instant(run.Facts[^1].AtMs));
    }

    [Theory]
    [InlineData("America/New_York", "2026-03-08T02:00:00.000Z", "2026-03-08T12:00:00.000Z")]   // the clocks go forward in this night
    [InlineData("Europe/Berlin", "2026-03-07T20:00:00.000Z", "2026-03-08T07:00:00.000Z")]
    public void Quiet_hours_follow_the_customers_clock(string zone, string quietAt, string awakeAt)
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [app], eligible: true, value: 1 } }\npolicy: { quiet: { from: \"21:00\", to: \"08:00\", zone: traits.zone } }");
        run.Identify((5 * 24 * 60) + 360, $"{{\"zone\":\"{zone}\"}}");
        Assert.Equal("a:app", run.Ranking());
        run.Advance((7 * 24 * 60) - 1);
        Assert.Equal([quietAt, awakeAt], run.Facts.Where(fact => fact.Kind == FactKind.ActionsChanged).Skip(1).Take(2).Select(fact => Instant(fact.AtMs)));
    }

    [Theory]
    [InlineData("hold", "")]
    [InlineData("send", "a:app")]
    [InlineData("Asia/Tokyo", "a:app")]
    [InlineData("Asia/Karachi", "a:app")]
    [InlineData("America/Los_Angeles", "")]
    public void An_unknown_zone_is_held_sent_or_taken_to_be_another(string rule, string ranking)
    {
        var run = new DecisionRun(Head + $"actions: {{ a: {{ channels: [app], eligible: true, value: 1 }} }}\npolicy: {{ quiet: {{ from: \"21:00\", to: \"08:00\", zone: traits.zone, unknown_zone: {rule} }} }}");
        run.Identify(0, "{\"zone\":\"Mars/Olympus\"}");
        Assert.Equal(ranking, run.Ranking());
    }

    [Fact]
    public void A_queue_below_its_target_holds_actions_up_and_an_old_message_about_it_does_not()
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [app], eligible: true, value: 1, queue: general } }\nqueues: { general: { target: 0.8, stale_after: 10m } }\nrouting: { queue: \"queues.general.waiting > 5 ? 'overflow' : 'general'\", score: 1 }");
        run.Identify(0, "{}");
        Assert.Equal("a:app", run.Ranking());
        run.Queue(1, "{\"queue\":\"general\",\"service_level\":0.5,\"waiting\":9}");
        run.Identify(2, "{}");
        Assert.Equal("", run.Ranking());
        Assert.Equal("overflow", run.Facts[^1].Routing!.Queue);
        run.Identify(12, "{}");
        Assert.Equal("a:app", run.Ranking());
        Assert.Null(run.Facts[^1].Routing!.Queue);   // unknown, and nothing is assumed: the expression is an error
    }

    [Fact]
    public void Routing_is_told_when_it_says_something_new_and_its_score_is_bounded()
    {
        var run = new DecisionRun(Head + """
            routing:
              queue: "segments.buyer ? 'priority' : 'general'"
              score: "500.0 + features.spend"
              reasons: { one: features.orders >= 1, two: segments.buyer, three: true, four: true }
              agent: traits.name
              skills: "has(traits.tier) ? [traits.tier] : []"
              valid_for: 20m
            """);
        run.Identify(0, "{}");
        RoutingDecision first = run.Facts.Single().Routing!;
        Assert.Equal(("general", 500, null, DecisionRun.At(20)), (first.Queue, first.Score, first.Agent, Instant(first.ValidUntilMs)));
        Assert.Equal(["three", "four"], first.Reasons);
        run.Identify(1, "{}");
        Assert.Single(run.Facts);
        run.Track(2, "Order Completed", "{\"total\":5000}");
        Assert.Equal(["one", "two", "three"], run.Facts[^1].Routing!.Reasons);
        Assert.Equal(1000, run.Facts[^1].Routing!.Score);
        run.Identify(3, "{\"name\":\"Ada\",\"tier\":\"de\"}");
        Assert.Equal(("Ada", "de"), (run.Facts[^1].Routing!.Agent, run.Facts[^1].Routing!.Skills.Single()));
    }

    [Fact]
    public void Content_is_filled_or_falls_back_or_is_left_out()
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [app], eligible: true, value: 1, content: { hello: \"Hello ${traits.name|you}!\", hole: \"Hi ${traits.name}\", sum: \"${features.spend} spent\", plain: \"Hi\" } } }");
        run.Track(0, "Order Completed", "{\"total\":12.5}");
        Assert.Equal(["hello=Hello you!", "sum=12.5 spent", "plain=Hi"], Texts());
        run.Identify(1, "{\"name\":\"Ada\"}");
        run.Track(2, "Action Shown", "{\"action\":\"a\"}");
        Assert.Contains("\"hello\":\"Hello Ada!\",\"hole\":\"Hi Ada\"", run.Profile());

        IEnumerable<string> Texts() => run.Facts[^1].Actions[0].Content.Select(text => $"{text.Key}={text.Value}");
    }

    [Fact]
    public void Exploration_is_the_same_all_day_and_drawn_anew_each_day()
    {
        var run = new DecisionRun(Head + "actions: { a: { channels: [app], eligible: true, value: 9 }, b: { channels: [app], eligible: true, value: 1 } }\narbitration: { explore: 0.5 }");
        run.Identify(0, "{}");
        run.Advance(60 * 24 * 60);
        List<Fact> told = [.. run.Facts.Where(fact => fact.Kind == FactKind.ActionsChanged)];
        Assert.InRange(told.Count, 10, 60);
        Assert.All(told.Skip(1), fact => Assert.EndsWith("T00:00:00.000Z", Instant(fact.AtMs)));
        Assert.All(told.Where(fact => fact.Actions[0].Action == "b"), fact => Assert.True(fact.Actions[0].IsExplored));
    }

    [Fact]
    public void An_outcome_of_a_decision_nobody_made_is_refused()
    {
        var run = new DecisionRun(Head + Two);
        run.Track(0, "Order Completed", "{\"total\":5}");
        run.Decide(1, "app", "d1");
        Assert.Equal(Refusal.None, run.Track(2, "Offer Accepted", "{\"action\":\"offer\",\"decision\":\"d1\"}"));
        Assert.Equal(Refusal.UnknownDecision, run.Track(3, "Offer Accepted", "{\"action\":\"offer\",\"decision\":\"d2\"}"));
        Assert.Equal(Refusal.None, run.Track(4, "Offer Accepted", "{\"action\":\"gone\"}"));
    }

    [Fact]
    public void A_decision_request_is_no_interaction()
    {
        var run = new DecisionRun(Head + Two + "triggers: { t: { on: entered(buyer), to: [redis], with: [actions, routing] } }");
        run.Track(0, "Order Completed", "{\"total\":5}");
        Assert.Equal("call", run.Facts.Single(fact => fact.Kind == FactKind.Trigger).With[0].Value.AsList[0].AsMap.TryGet("action", out Expressions.Value name) ? name.AsString : null);
        string features = run.Profile()[..run.Profile().IndexOf("traits", StringComparison.Ordinal)];
        run.Decide(0.5, "app", "d1");
        Assert.Equal(features[features.IndexOf("features", StringComparison.Ordinal)..], run.Profile()[run.Profile().IndexOf("features", StringComparison.Ordinal)..run.Profile().IndexOf("traits", StringComparison.Ordinal)]);
    }

    [Fact]
    public void A_score_learns_from_what_was_known_when_the_action_was_shown_and_from_silence()
    {
        var run = new DecisionRun(Head + """
            scores:
              accept: { learn: { success: "Offer Accepted", failure: "Offer Declined", key: event.properties.action == "offer", within: 1h }, inputs: [features.spend, traits.tier], prior: { rate: 0.2, weight: 10 } }

            """ + Two);
        run.Track(0, "Order Completed", "{\"total\":5}");
        Assert.Contains("\"scores\":{\"accept\":0.2}", run.Profile());
        run.Track(1, "Offer Accepted", "{\"action\":\"offer\"}");
        run.Track(2, "Offer Declined", "{\"action\":\"call\"}");
        Assert.Equal((1, 1), (run.Engine.Shared.Scores[0].Report.Evidence, run.Engine.Shared.Scores[0].Report.Successes));
        run.Track(3, "Action Shown", "{\"action\":\"offer\",\"channel\":\"app\"}");
        run.Track(4, "Action Shown", "{\"action\":\"offer\",\"channel\":\"app\"}");
        run.Track(5, "Offer Accepted", "{\"action\":\"offer\"}");
        Assert.Equal(2, run.Engine.Shared.Scores[0].Report.Evidence);
        run.Advance(63.999);
        Assert.Equal(2, run.Engine.Shared.Scores[0].Report.Evidence);
        run.Advance(64);
        Assert.Equal((3, 2), (run.Engine.Shared.Scores[0].Report.Evidence, run.Engine.Shared.Scores[0].Report.Successes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_customer_stored_and_loaded_at_every_step_decides_the_same(int seed)
    {
        const string model = Head + Two + """
            arbitration: { explore: 0.3 }
            policy: { caps: [ { channel: voice, max: 2, window: 2h }, { max: 4, window: 5h } ], reject: { after: 2, within: 3h, pause: 4h }, quiet: { from: "21:00", to: "08:00", zone: traits.zone, unknown_zone: UTC }, reserve_for: 7m }
            routing: { queue: "segments.buyer ? 'a' : 'b'", score: "10.0 * double(features.orders)", skills: "[string(features.orders)]" }
            """;
        DecisionRun kept = Played(new DecisionRun(model)), stored = Played(new DecisionRun(model) { IsStoredAtEveryStep = true });
        Assert.Equal(kept.Facts.Select(Line), stored.Facts.Select(Line));
        Assert.Equal(kept.Profile(), stored.Profile());
        Assert.True(kept.Facts.Count > 50);

        DecisionRun Played(DecisionRun run)
        {
            var random = new Random(seed);
            double minutes = 0;
            for (int i = 0; i < 300; i++)
            {
                minutes += random.Next(100) < 5 ? random.Next(600) : random.Next(20);
                string action = random.Next(2) == 0 ? "call" : "offer", channel = random.Next(2) == 0 ? "voice" : "app";
                switch (random.Next(6))
                {
                    case 0:
                        run.Track(minutes, "Order Completed", $"{{\"total\":{random.Next(20)}}}");
                        break;
                    case 1:
                        run.Track(minutes, "Action Shown", $"{{\"action\":\"{action}\",\"channel\":\"{channel}\"}}");
                        break;
                    case 2:
                        run.Track(minutes, "Offer Declined", $"{{\"action\":\"{action}\"}}");
                        break;
                    case 3:
                        run.Decide(minutes, channel, $"d{i}");
                        break;
                    case 4:
                        run.Track(minutes, "Action Sent", $"{{\"action\":\"{action}\",\"channel\":\"{channel}\",\"decision\":\"d{i - 1}\"}}");
                        break;
                    default:
                        run.Identify(minutes, random.Next(2) == 0 ? "{\"zone\":\"Asia/Tokyo\"}" : "{\"zone\":\"America/New_York\"}");
                        break;
                }
            }

            run.Advance(minutes + 1000);
            return run;
        }
    }

    private static string Line(Fact fact)
    {
        var line = new System.Buffers.ArrayBufferWriter<byte>();
        FactWriter.Write(fact, line);
        return System.Text.Encoding.UTF8.GetString(line.WrittenSpan);
    }

    private static string Instant(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
