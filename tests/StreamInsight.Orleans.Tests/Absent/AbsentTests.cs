using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight.Orleans.Silo;
using StreamInsight.Pipeline;

namespace StreamInsight.Orleans.Tests.Absent;

public sealed class AbsentTests
{
    [Fact]
    public async Task A_program_without_Orleans_says_so_in_one_line()
    {
        var error = await Assert.ThrowsAsync<DependencyUnavailableException>(() => InsightSilo.StartAsync(new SiloOptions(), null!, null, NullLoggerFactory.Instance));
        Assert.Contains("--host local", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
