namespace StreamInsight.Server.Http;

/// <summary>Turns what a route throws into a problem for the caller and one line for the log. A caller that has gone is no mishap.</summary>
internal sealed partial class Mishaps(ILogger log)
{
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            // The path may carry a customer's id; the route does not.
            LogMishap(context.GetEndpoint()?.DisplayName ?? "no route", error.GetType().Name, error.Message);
            await Problem.WriteAsync(context, 500, "This is a bug.", "The request could not be handled; the log of the server tells why.");
        }
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Error, Message = "{Route} failed: {Error}: {Reason}")]
    private partial void LogMishap(string route, string error, string reason);
}
