namespace StreamInsight.Server.Demo;

/// <summary>Shows the figures again and again.</summary>
internal interface IDemoView
{
    /// <summary>Until cancelled; does not throw then.</summary>
    Task ShowAsync(Func<DemoFigures> read, CancellationToken cancel);
}
