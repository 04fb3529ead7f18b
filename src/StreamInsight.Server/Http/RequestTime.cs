namespace StreamInsight.Server.Http;

/// <summary>Ends requests that take too long, whoever is slow: 408. Streams are exempt; they have limits of their own.</summary>
internal sealed class RequestTime(TimeSpan limit)
{
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path == FactStream.Path)
        {
            await next(context);
            return;
        }
        CancellationToken gone = context.RequestAborted;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(gone);
        ending.CancelAfter(limit);
        context.RequestAborted = ending.Token;
        try
        {
            await next(context);
        }
        catch (Exception) when (ending.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            if (context.Response.HasStarted)
                context.Abort();
            else
                await Problem.WriteAsync(context, 408, "It took too long.", $"A request may take {limit.TotalSeconds:0.#} s, its body included.");
        }
        finally
        {
            context.RequestAborted = gone;
        }
    }
}
