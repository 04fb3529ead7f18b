using Spectre.Console;

namespace StreamInsight.Server.Demo;

/// <summary>The picture, in place, four times a second.</summary>
internal sealed class PictureView(IAnsiConsole console) : IDemoView
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    public Task ShowAsync(Func<DemoFigures> read, CancellationToken cancel) =>
        console.Live(Draw(read)).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom).StartAsync(async live =>
        {
            while (!cancel.IsCancellationRequested)
            {
                live.UpdateTarget(Draw(read));
                await Task.Delay(Every, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            live.UpdateTarget(Draw(read));
        });

    private Spectre.Console.Rendering.IRenderable Draw(Func<DemoFigures> read) =>
        DemoScreen.Draw(read(), console.Profile.Width, console.Profile.Height);
}
