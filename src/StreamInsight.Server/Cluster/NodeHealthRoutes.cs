using System.Text.Json;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Cluster;

/// <summary><c>/health/live</c> and <c>/health/ready</c> of a node. Ready: it runs every partition that the group has given it; one without a partition stands by, and is ready.</summary>
internal sealed class NodeHealthRoutes(ClusterNode node, string model)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/health/live", context => HealthRoutes.LiveAsync(context, node));
        app.MapGet("/health/ready", ReadyAsync);
    }

    private async Task ReadyAsync(HttpContext context)
    {
        (int given, int running) = node.Share;
        string? problem = node.Problem;
        string status = node.Completion.IsFaulted ? "failed" : node.Completion.IsCompleted ? "stopping" : problem is not null || running < given ? "waiting" : "ready";
        context.Response.StatusCode = status == "ready" ? 200 : 503;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", status);
        if (problem is not null)
            json.WriteString("problem", problem);
        json.WriteString("model", model);
        json.WriteNumber("customers", node.Customers);
        json.WriteStartArray("partitions");
        foreach (int partition in node.Partitions.Order())
            json.WriteNumberValue(partition);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
