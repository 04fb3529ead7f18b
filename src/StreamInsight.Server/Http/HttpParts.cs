using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Http;

/// <summary>What routes are mapped with.</summary>
/// <param name="Stopping">Streams end when this does.</param>
internal sealed record HttpParts(WebApplication App, ApiKeys Keys, PersonalData Personal, CancellationToken Stopping);
