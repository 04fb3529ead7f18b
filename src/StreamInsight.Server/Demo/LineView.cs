namespace StreamInsight.Server.Demo;

/// <summary>A line every few seconds, for a log file, a pipe or a screen reader.</summary>
internal sealed class LineView(TextWriter output) : IDemoView
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    public async Task ShowAsync(Func<DemoFigures> read, CancellationToken cancel)
    {
        DemoFigures? before = null;
        while (!cancel.IsCancellationRequested)
        {
            var now = read();
            output.WriteLine(DemoReport.Line(now, before));
            before = now;
            await Task.Delay(Every, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
