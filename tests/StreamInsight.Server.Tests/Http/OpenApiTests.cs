using System.Net;
using System.Text.Json;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_path_of_the_document_is_answered()
    {
        await using RunningService running = await RunningService.StartAsync();
        using JsonDocument document = JsonDocument.Parse(await running.Client.GetStringAsync("/openapi/v1.json"));
        foreach (JsonProperty path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty method in path.Value.EnumerateObject())
            {
                string url = path.Name.Replace("{id}", "nobody").Replace("{name}", "big");
                using var request = new HttpRequestMessage(HttpMethod.Parse(method.Name), url);
                using HttpResponseMessage answer = await running.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                string status = ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(method.Value.GetProperty("responses").TryGetProperty(status, out _), $"{method.Name} {path.Name} answers {status}, which the document does not know");
                if (answer.StatusCode == HttpStatusCode.NotFound)
                    Assert.DoesNotContain("is not known", await answer.Content.ReadAsStringAsync());
            }
        }
    }
}
