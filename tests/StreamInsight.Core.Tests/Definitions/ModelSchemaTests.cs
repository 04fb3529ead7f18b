using System.Text.Json.Nodes;
using StreamInsight.Definitions;
using Xunit;

namespace StreamInsight.Tests.Definitions;

public sealed class ModelSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(ModelSchema.Text())!;

    [Fact]
    public void The_committed_schema_is_the_one_the_reader_uses()
    {
        var committed = Repository.Read("docs", "insight-model.schema.json");
        Assert.True(committed == ModelSchema.Text(), "Write it anew: streaminsight check --schema > docs/insight-model.schema.json");
    }

    [Theory]
    [InlineData("telco-care.yaml")]
    [InlineData("shop.yaml")]
    [InlineData("retailer.yaml")]
    [InlineData("quickstart.yaml")]
    public void Samples_fit_the_schema(string sample) => Assert.Empty(SchemaCheck.Faults(Schema, YamlJson.Parse(Repository.Read("samples", sample))));

    [Theory]
    [InlineData("model: m\nversion: 1\ncolour: red", "colour")]
    [InlineData("model: m", "version")]
    [InlineData("model: m\nversion: one", "/version")]
    [InlineData("model: m\nversion: 1\nlateness: 5", "/lateness")]
    [InlineData("model: m\nversion: 1\nfeatures: { a: { count: e, sum: e.x } }", "/features/a")]
    [InlineData("model: m\nversion: 1\nfeatures: { a: { window: 7d } }", "/features/a")]
    [InlineData("model: m\nversion: 1\nfeatures: { a: { count: e, offset: 7d } }", "/features/a")]
    [InlineData("model: m\nversion: 1\nfeatures: { a: { decayed: e } }", "/features/a")]
    [InlineData("model: m\nversion: 1\nfeatures: { a: { expr: x, window: 7d } }", "/features/a")]
    [InlineData("model: m\nversion: 1\nfeatures: { now: { count: e } }", "now")]
    [InlineData("model: m\nversion: 1\ntraits: { a: text }", "/traits/a")]
    [InlineData("model: m\nversion: 1\njourney: { initial: a, stages: [a, b], transitions: [{ from: a, to: b }] }", "/journey/transitions/0")]
    [InlineData("model: m\nversion: 1\nsegments: { a: { exit: x } }", "/segments/a")]
    [InlineData("model: m\nversion: 1\ntriggers: { a: { on: enter(x) } }", "/triggers/a/on")]
    [InlineData("model: m\nversion: 1\nscores: { a: { learn: {} } }", "/scores/a")]
    [InlineData("model: m\nversion: 1\narbitration: { explore: 2 }", "/arbitration/explore")]
    public void What_the_schema_refuses_the_reader_refuses_too(string yaml, string where)
    {
        Assert.Contains(SchemaCheck.Faults(Schema, YamlJson.Parse(yaml)), fault => fault.Contains(where));
        Assert.Null(ModelReader.Read(yaml, []));
    }

    [Fact]
    public void Every_key_is_explained_in_the_documentation()
    {
        var page = Repository.Read("docs", "model.md");
        Assert.All(Keys(Schema).Distinct(), key => Assert.Contains($"`{key}`", page));
    }

    private static IEnumerable<string> Keys(JsonNode? node) => node switch
    {
        JsonObject map => (map["properties"] is JsonObject properties && map["type"] is not null ? properties.Select(p => p.Key) : [])
            .Concat(map.SelectMany(entry => Keys(entry.Value))),
        JsonArray list => list.SelectMany(Keys),
        _ => [],
    };
}
