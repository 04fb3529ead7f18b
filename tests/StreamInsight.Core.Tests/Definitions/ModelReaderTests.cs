using StreamInsight.Definitions;
using Xunit;

namespace StreamInsight.Tests.Definitions;

public sealed class ModelReaderTests
{
    private const string Whole = """
        model: telco-care
        version: 7                       # a whole number
        zone: Europe/Berlin
        lateness: 12h
        dedupe: { window: 2h, max: 16 }
        exact_max: 100
        traits:
          tier: string
          nps: int
          group: { plan: string }
        events:
          order:   { name: "Order Completed", properties: { total: double, category: string } }
          view:    { name: "Product Viewed",  properties: { category: string } }
          call:    { name: "Call Started",    properties: { reason: string, agent_id: string } }
        features:
          calls_7d:        { count: call, window: 7d }
          billing_calls:   { count: call, where: event.properties.reason == "billing", window: 30d }
          spend_prev_90d:  { sum: order.total, window: 90d, offset: 90d, exact_max: 10 }
          channels_24h:    { distinct: "*.channel", window: 24h }
          last_order_at:   { last: order.timestamp }
          interest:        { decayed: view, half_life: 3d }
          lately:          { last_k: order.category, k: 3 }
          view_then_call:  { sequence: [view, call], within: 1h, window: 7d }
          visits_30d:      { sessions: view, gap: 30m, window: 30d }
          pages:           { count: page }
          trend:           { expr: "spend_prev_90d > 0.0 ? 1.0 : 2.0" }
        journey:
          initial: awareness
          stages: [awareness, loyal]
          transitions:
            - { from: awareness, to: loyal, when: features.visits_30d >= 2 }
            - { from: "*",       to: awareness, after: 1d, min_dwell: 1h30m }
        segments:
          high_value:  { when: features.calls_7d >= 3, exit: features.calls_7d < 1, for: 5m, min_stay: 1h }
        triggers:
          t1: { on: entered(high_value), max_age: 2m, to: [redis, crm], with: [features.calls_7d] }
          t2: { on: stage(*), to: [kafka] }
          t3: { on: left(*), to: [kafka] }
        subscribers:
          crm: { url: "https://crm.example/hooks/insight", secret_env: CRM_SECRET }
        """;

    [Fact]
    public void A_model_without_faults_is_read_whole()
    {
        var faults = new List<ModelFault>();
        var model = ModelReader.Read(Whole, faults);
        Assert.Empty(faults);
        Assert.NotNull(model);
        Assert.Equal("telco-care@7", model.Id);
        Assert.Equal("Europe/Berlin", model.Zone);
        Assert.Equal(43_200_000, model.LatenessMs);
        Assert.Equal((7_200_000L, 16), (model.DedupeWindowMs, model.DedupeMax));
        Assert.Equal(100, model.ExactMax);
        Assert.Equal(["tier", "nps", "group.plan"], model.Traits.Select(t => t.Name));
        Assert.Equal(["order", "view", "call"], model.Events.Select(e => e.ShortName));
        Assert.Equal("Order Completed", model.Events[0].WireName);
        Assert.Equal(PropertyType.Double, model.Events[0].Properties[0].Type);
        Assert.Equal(11, model.Features.Count);

        var previous = model.Features.Single(f => f.Name == "spend_prev_90d");
        Assert.Equal((Aggregate.Sum, "total", 90 * 86_400_000L, 90 * 86_400_000L, 10), (previous.Aggregate, previous.Property, previous.WindowMs, previous.OffsetMs, previous.ExactMax));
        Assert.Equal("event.properties.reason == \"billing\"", model.Features[1].Where!.Text);
        Assert.Equal(["view", "call"], model.Features.Single(f => f.Aggregate == Aggregate.Sequence).Events);
        Assert.Equal(3, model.Features.Single(f => f.Aggregate == Aggregate.LastK).K);
        Assert.Equal(["*"], model.Features.Single(f => f.Aggregate == Aggregate.Distinct).Events);

        Assert.Equal("awareness", model.Journey!.Initial);
        Assert.Equal((86_400_000L, 5_400_000L), (model.Journey.Transitions[1].AfterMs, model.Journey.Transitions[1].MinDwellMs));
        Assert.Equal((300_000L, 3_600_000L), (model.Segments[0].ForMs, model.Segments[0].MinStayMs));
        Assert.Equal((TriggerOn.Entered, "high_value", 120_000L), (model.Triggers[0].On, model.Triggers[0].Target, model.Triggers[0].MaxAgeMs));
        Assert.Equal("features.calls_7d", model.Triggers[0].With[0].Text);
        Assert.Equal((TriggerOn.Stage, "*"), (model.Triggers[1].On, model.Triggers[1].Target));
        Assert.Equal("CRM_SECRET", model.Subscribers[0].SecretEnv);
    }

    [Fact]
    public void What_is_left_out_has_the_documented_default()
    {
        var model = ModelReader.Read("model: m\nversion: 1\n", []);
        Assert.NotNull(model);
        Assert.Equal(("UTC", 86_400_000L, 3_600_000L, 32, 64), (model.Zone, model.LatenessMs, model.DedupeWindowMs, model.DedupeMax, model.ExactMax));
        Assert.Null(model.Journey);
        Assert.Empty(model.Features);
    }
}
