using StreamInsight.Oracle.Comparison;
using StreamInsight.Oracle.Customers;
using Xunit;

namespace StreamInsight.Oracle;

public sealed class GoldenTests
{
    public static TheoryData<string> Names => [.. Golden.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Oracle_gives_what_was_worked_out_by_hand(string name)
    {
        var golden = Golden.Read(name);
        var output = ReferenceReplay.Run(golden.Model, golden.Events, everyMillisecond: false);
        if (Environment.GetEnvironmentVariable("STREAMINSIGHT_WRITE_GOLDEN") == "1") Golden.Write(name, output);
        else Assert.Equal(golden.Expected.Text, output.Text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Engine_gives_what_was_worked_out_by_hand(string name)
    {
        var golden = Golden.Read(name);
        foreach (var parallel in new[] { 1, 3 }) Assert.Equal(golden.Expected.Text, EngineUnderTest.Run(golden.Model, golden.Events, parallel).Text);
    }
}
