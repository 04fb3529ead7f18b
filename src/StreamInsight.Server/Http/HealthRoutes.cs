using System.Text.Json;
using StreamInsight.Pipeline;
using StreamInsight.Server.Service;

namespace StreamInsight.Server.Http;

/// <summary>
/// <c>/health/live</c>: the process turns; restart it when this fails. <c>/health/ready</c>: it takes events and works on them; sinks that are down are shown
/// but do not make it unready, their facts wait.
/// </summary>
internal sealed class HealthRoutes(InsightService service)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/health/live", context => LiveAsync(context, service));
        app.MapGet("/health/ready", ReadyAsync);
    }

    /// <summary>The same for every kind of service.</summary>
    internal static Task LiveAsync(HttpContext context, IRunningService service)
    {
        bool lives = !service.Completion.IsFaulted;
        context.Response.StatusCode = lives ? 200 : 503;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(lives ? "live\n" : "failed\n");
    }

    private async Task ReadyAsync(HttpContext context)
    {
        LivePipeline pipeline = service.Pipeline;
        string? problem = pipeline.StoreProblem;
        context.Response.StatusCode = pipeline.IsRunning && problem is null ? 200 : 503;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", pipeline.IsRunning ? problem is null ? "ready" : "waiting" : service.Completion.IsFaulted ? "failed" : "stopping");
        if (problem is not null)
            json.WriteString("problem", problem);
        json.WriteString("model", service.Model.Compiled.Id);
        json.WriteNumber("customers", pipeline.CustomerCount);
        json.WriteNumber("outbox", pipeline.Outbox.Depth);
        json.WriteBoolean("paused", pipeline.Outbox.IsFull);
        json.WriteStartArray("sinks");
        foreach (SinkRunner sink in pipeline.Sinks)
        {
            json.WriteStartObject();
            json.WriteString("name", sink.Name);
            json.WriteBoolean("up", sink.Problem is null);
            json.WriteNumber("waiting", sink.Cursor.Behind);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
