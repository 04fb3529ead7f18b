using StreamInsight.Definitions;
using Xunit;

namespace StreamInsight.Tests.Definitions;

public sealed class ModelCheckTests
{
    [Theory]
    [InlineData("telco-care.yaml", 25, 12)]
    [InlineData("retailer.yaml", 25, 12)]
    [InlineData("shop.yaml", 10, 4)]
    [InlineData("quickstart.yaml", 5, 3)]
    public void Samples_check_clean(string sample, int features, int segments)
    {
        var result = ModelCheck.All(Repository.Read("samples", sample));
        Assert.True(result.Faults.Count == 0, string.Join("\n", result.Faults));
        Assert.True(result.IsGood);
        Assert.True(result.Model!.Definition.Features.Count >= features);
        Assert.True(result.Model.Definition.Segments.Count >= segments);
    }

    [Theory]
    [InlineData("features: { a: { expr: \"1.0 + b\" } }", 5, 30, "b")]
    [InlineData("features: { a: { count: order, where: event.properties.totl > 1.0, window: 7d } }", 5, 39, "totl")]
    [InlineData("features: { a: { count: order, where: traits.nps > 1, window: 7d } }", 5, 39, "event.*")]
    [InlineData("segments: { s: { when: \"features.x > 1\" } }", 5, 25, "features.x")]
    [InlineData("segments: { s: { when: event.name == 'order' } }", 5, 24, "event")]
    [InlineData("segments: { s: { when: traits.nps + 0.5 > 1.0 } }", 5, 24, "")]
    [InlineData("segments: { s: { when: traits.nps } }", 5, 24, "bool")]
    [InlineData("segments: { s: { when: \"traits.nps >\" } }", 5, 24, "")]
    [InlineData("segments: { s: { when: segments.s } }", 5, 13, "")]
    [InlineData("segments: { s: { when: segments.t }, t: { when: \"!segments.s\" } }", 5, 13, "")]
    [InlineData("features: { a: { expr: a + 1 } }", 5, 13, "")]
    public void A_fault_of_an_expression_has_its_place(string end, int line, int column, string message)
    {
        var fault = Assert.Single(Faults(end));
        Assert.Contains(message, fault.Message);
        Assert.Equal(line, fault.Mark.Line);
        Assert.True(fault.Mark.Column >= column, fault.ToString());
    }

    [Fact]
    public void Faults_of_form_and_of_expressions_come_in_one_run()
    {
        var faults = Faults(
            """
            features:
              a: { sum: order.totl }
              b: { count: order, windw: 7d }
              c: { expr: "a + 1.0" }
              d: { expr: "b + missing" }
            segments:
              s: { when: features.a > 1.0 && features.b > 1 && segments.gone }
              t: { wen: "true" }
              u: { when: segments.t && traits.age > 1 }
            """);
        Assert.Equal([6, 7, 9, 11, 12, 12, 13], faults.Select(f => f.Mark.Line));
    }

    [Fact]
    public void A_faulty_section_does_not_make_every_name_unknown()
    {
        Assert.Single(Faults("features: 5\nsegments: { s: { when: features.a > 1 } }"));
    }

    private static IReadOnlyList<ModelFault> Faults(string end)
    {
        var result = ModelCheck.All("model: m\nversion: 1\nevents: { order: { name: O, properties: { total: double } } }\ntraits: { nps: int }\n" + end);
        Assert.False(result.IsGood);
        return result.Faults;
    }
}
