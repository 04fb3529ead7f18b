using System.Net;
using System.Text.Json;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

public sealed class DecideTests
{
    public const string Model = """
        model: care
        version: 1
        traits: { tier: string, agree: bool, phone: string }
        events:
          order: { name: "Order Completed", properties: { total: double } }
        features:
          spend: { sum: order.total, window: 30d }
        segments:
          big: { when: "features.spend >= 100.0" }
        actions:
          call_back: { channels: [voice], eligible: "true", value: "features.spend", content: { script: "Thank you for ${features.spend}." } }
          upgrade: { channels: [voice, app], eligible: "segments.big && traits.tier != 'none'", value: "10.0" }
          newsletter: { channels: [email], eligible: "true", value: "1.0" }
        policy:
          consent: { voice: "true", app: "true", email: traits.agree }
          caps: [ { channel: voice, max: 3, window: 7d } ]
          reserve_for: 1h
        queues:
          general: { target: 0.8, stale_after: 5m }
        routing:
          queue: "segments.big ? 'priority' : 'general'"
          score: "segments.big ? 740.0 : 100.0"
          reasons: { big: segments.big }
        pii: { lookup: { phone: traits.phone }, masked: [traits.tier] }
        """;

    [Fact]
    public async Task A_decision_ranks_reserves_and_is_kept_with_all_that_led_to_it()
    {
        await using RunningService service = await RunningService.StartAsync(model: Model);
        await service.PostAsync("/v1/track", """{"type":"track","event":"Order Completed","userId":"ada","properties":{"total":200}}""");
        await service.AppliedAsync(1);

        using HttpResponseMessage response = await service.PostAsync("/v1/decide", """{"customer":"ada","channel":"voice","top":2}""");
        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            ["decision", "customer", "channel", "at", "actions", "reserved", "reserved_until", "routing", "model"],
            answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal("ada", answer.GetProperty("customer").GetString());
        Assert.Equal(["call_back", "upgrade"], answer.GetProperty("actions").EnumerateArray().Select(action => action.GetProperty("action").GetString()));
        Assert.Equal("call_back", answer.GetProperty("reserved").GetString());
        Assert.Equal("priority", answer.GetProperty("routing").GetProperty("queue").GetString());
        Assert.Equal("care@1", answer.GetProperty("model").GetString());

        string id = answer.GetProperty("decision").GetString()!;
        JsonElement record = JsonDocument.Parse(await service.Client.GetStringAsync($"/v1/decisions/{id}")).RootElement;
        foreach (JsonProperty member in answer.EnumerateObject())
            Assert.Equal(member.Value.GetRawText(), record.GetProperty(member.Name).GetRawText());
        Assert.Equal(3, record.GetProperty("candidates").GetArrayLength());
        Assert.Equal(200, record.GetProperty("reads").GetProperty("features.spend").GetDouble());
        Assert.Equal(JsonValueKind.Null, record.GetProperty("reads").GetProperty("traits.tier").ValueKind);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetAsync("/v1/decisions/nothing")).StatusCode);

        await service.PostAsync("/v1/identify", """{"type":"identify","userId":"ada","traits":{"tier":"gold"}}""");
        await service.PostAsync("/v1/decide", """{"customer":"ada","channel":"voice","decision":"d-2"}""");
        Assert.Contains("\"traits.tier\":\"***\"", await service.Client.GetStringAsync("/v1/decisions/d-2"), StringComparison.Ordinal);
        Assert.Contains("\"traits.tier\":\"gold\"", await service.Client.GetStringAsync("/v1/decisions/d-2?unmask=true"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_explains_a_decision_from_its_record()
    {
        await using RunningService service = await RunningService.StartAsync(model: Model);
        await service.PostAsync("/v1/track", """{"type":"track","event":"Order Completed","userId":"ada","properties":{"total":200}}""");
        await service.PostAsync("/v1/decide", """{"customer":"ada","channel":"voice","decision":"d-1"}""");
        string text = StreamInsight.Server.Commands.DecisionText.Of(System.Text.Encoding.UTF8.GetBytes(await service.Client.GetStringAsync("/v1/decisions/d-1")));

        Assert.StartsWith("decision d-1 for ada on voice, at ", text, StringComparison.Ordinal);
        Assert.Contains("reserved: call_back, until ", text, StringComparison.Ordinal);
        Assert.Contains("  call_back: place 1, score 200 = ", text, StringComparison.Ordinal);
        Assert.Contains("  newsletter: removed by ", text, StringComparison.Ordinal);
        Assert.Contains("  features.spend = 200", text, StringComparison.Ordinal);

        Assert.Equal((0, ""), await Crash.ServiceProcess.RunAsync("explain", "--decision", "d-1", "--url", service.Client.BaseAddress!.ToString()));
        (int code, string said) = await Crash.ServiceProcess.RunAsync("explain", "--decision", "d-2", "--url", service.Client.BaseAddress!.ToString());
        Assert.Equal(1, code);
        Assert.Contains("There is no decision 'd-2'", said, StringComparison.Ordinal);
        Assert.Equal(2, (await Crash.ServiceProcess.RunAsync("explain", "--decision", "d-1", "--customer", "ada")).ExitCode);
    }

    [Fact]
    public async Task A_thousand_questions_at_once_never_reserve_more_than_the_cap()
    {
        await using RunningService service = await RunningService.StartAsync(model: Model);
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            using HttpResponseMessage response = await service.PostAsync("/v1/decide", $$"""{"customer":"ada","channel":"voice","decision":"d-{{i}}"}""");
            return (response.StatusCode, Text: await response.Content.ReadAsStringAsync());
        }));
        await service.AppliedAsync(1000);

        // On a busy machine some are not answered in time; their decisions are made all the same.
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]));
        var reserved = Enumerable.Range(0, 1000).Where(i => IsReserved(service.Service.Queries.ReadDecision($"d-{i}")!)).ToList();
        Assert.Equal(3, reserved.Count);
        for (int i = 0; i < 1000; i++)
        {
            if (answers[i].StatusCode == HttpStatusCode.OK)
                Assert.Equal(reserved.Contains(i), !answers[i].Text.Contains("\"reserved\":null", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_same_decision_asked_for_again_is_answered_the_same_and_reserves_once()
    {
        await using RunningService service = await RunningService.StartAsync(model: Model);
        const string Body = """{"customer":"ada","channel":"voice","decision":"d-1"}""";

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await (await service.PostAsync("/v1/decide", Body)).Content.ReadAsStringAsync()));
        string later = await (await service.PostAsync("/v1/decide", Body)).Content.ReadAsStringAsync();

        Assert.All(answers, answer => Assert.Equal(later, answer));
        Assert.Contains("\"reserved\":\"call_back\"", later, StringComparison.Ordinal);
        for (int i = 0; i < 2; i++)
            Assert.Contains("\"reserved\":\"call_back\"", await (await service.PostAsync("/v1/decide", """{"customer":"ada","channel":"voice"}""")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"reserved\":null", await (await service.PostAsync("/v1/decide", """{"customer":"ada","channel":"voice"}""")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "not JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("""{"channel":"fax","top":0}""", "customer: a text of 1 to 1024 bytes is needed; channel: fax is given; allowed is voice, app, email; top: a whole number from 1 to 100 is allowed.")]
    [InlineData("""{"customer":"a","channel":"voice","decision":7}""", "decision: a text")]
    public async Task A_question_that_cannot_be_asked_is_told_all_that_is_wrong(string body, string why)
    {
        await using RunningService service = await RunningService.StartAsync(model: Model);
        using HttpResponseMessage response = await service.PostAsync("/v1/decide", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(why, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Of_an_erased_customer_nothing_is_decided_and_no_decision_is_kept()
    {
        await using RunningService service = await RunningService.StartAsync(model: Model);
        await service.PostAsync("/v1/decide", """{"customer":"ada","channel":"voice","decision":"d-1"}""");
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/v1/decisions/d-1")).StatusCode);

        using HttpResponseMessage receipt = await service.Client.DeleteAsync("/v1/customers/ada");
        Assert.Contains("\"decisions\":1", await receipt.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetAsync("/v1/decisions/d-1")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await service.PostAsync("/v1/decide", """{"customer":"ada","channel":"voice"}""")).StatusCode);
        Assert.DoesNotContain("ada", await service.Client.GetStringAsync("/v1/queues/general"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_without_actions_decides_nothing()
    {
        await using RunningService service = await RunningService.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync("/v1/decide", """{"customer":"ada","channel":"voice"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetAsync("/v1/queues/general")).StatusCode);
    }

    [Fact]
    public async Task A_queue_lists_its_customers_by_score_and_how_it_stands()
    {
        await using RunningService service = await RunningService.StartAsync(model: Model);
        foreach ((string customer, int total) in ((string, int)[])[("ada", 200), ("bob", 300), ("cy", 5)])
            await service.PostAsync("/v1/track", $$"""{"type":"track","event":"Order Completed","userId":"{{customer}}","properties":{"total":{{total}}} }""");
        using var state = new StringContent("""{"waiting":4,"longest_wait_seconds":95.5,"service_level":0.5,"agents_free":null}""");
        Assert.Equal(HttpStatusCode.OK, (await service.Client.PutAsync("/v1/queues/general/state", state)).StatusCode);
        await service.AppliedAsync(4);

        Assert.Equal("""{"queue":"priority","state":null,"customers":[{"customer":"ada","score":740},{"customer":"bob","score":740}]}""", await service.Client.GetStringAsync("/v1/queues/priority"));
        string first = await service.Client.GetStringAsync("/v1/queues/priority?limit=1");
        Assert.Contains("\"next\":\"after=740%3Aada\"", first, StringComparison.Ordinal);
        Assert.Contains("""[{"customer":"bob","score":740}]""", await service.Client.GetStringAsync("/v1/queues/priority?limit=1&after=740%3Aada"), StringComparison.Ordinal);
        JsonElement general = JsonDocument.Parse(await service.Client.GetStringAsync("/v1/queues/general")).RootElement;
        Assert.Equal("cy", general.GetProperty("customers")[0].GetProperty("customer").GetString());
        Assert.Equal(4, general.GetProperty("state").GetProperty("waiting").GetInt32());
        Assert.Equal(95.5, general.GetProperty("state").GetProperty("longest_wait_seconds").GetDouble());
        Assert.Equal(JsonValueKind.Null, general.GetProperty("state").GetProperty("agents_free").ValueKind);
        Assert.Equal("""{"queues":[{"name":"general","customers":1},{"name":"priority","customers":2}]}""", await service.Client.GetStringAsync("/v1/queues"));

        using var wrong = new StringContent("""{"waiting":1.5,"service_level":2,"mood":"bad"}""");
        using HttpResponseMessage refused = await service.Client.PutAsync("/v1/queues/general/state", wrong);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(
            "waiting: a whole number from 0 is allowed; service_level: a number from 0 to 1 is allowed; mood is not known",
            await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var unknown = new StringContent("{}");
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.PutAsync("/v1/queues/priority/state", unknown)).StatusCode);
    }

    [Fact]
    public async Task A_merged_customer_is_in_one_queue()
    {
        await using RunningService service = await RunningService.StartAsync(model: Model);
        await service.PostAsync("/v1/track", """{"type":"track","event":"Order Completed","anonymousId":"a1","properties":{"total":5}}""");
        await service.PostAsync("/v1/track", """{"type":"track","event":"Order Completed","userId":"ada","properties":{"total":5}}""");
        await service.AppliedAsync(2);
        Assert.Contains("a1", await service.Client.GetStringAsync("/v1/queues/general"), StringComparison.Ordinal);

        await service.PostAsync("/v1/identify", """{"type":"identify","userId":"ada","anonymousId":"a1"}""");
        await service.AppliedAsync(3);

        Assert.Contains("""[{"customer":"ada","score":100}]""", await service.GetUntilAsync("/v1/queues/general", text => !text.Contains("a1")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deciding_needs_a_write_key_and_reading_decisions_a_read_key()
    {
        await using RunningService service = await RunningService.StartAsync(
            options => options with { Http = options.Http with { Keys = [Key("w", KeyRole.Write), Key("r", KeyRole.Read)] } }, Model);
        const string Body = """{"customer":"ada","channel":"voice","decision":"d-1"}""";
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.PostAsync("/v1/decide", Body)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.PostAsync("/v1/decide", Body, key: "r")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync("/v1/decide", Body, key: "w")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client.GetAsync("/v1/decisions/d-1")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client.GetAsync("/v1/queues")).StatusCode);
    }

    private static ApiKey Key(string text, KeyRole role) => new(role, System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private static bool IsReserved(byte[] record) => JsonDocument.Parse(record).RootElement.GetProperty("reserved").ValueKind == JsonValueKind.String;
}
