namespace StreamInsight.Server.Http;

/// <summary>Where events go that come by HTTP. Any thread.</summary>
internal interface IEventIntake
{
    /// <summary>Done when the record is durable. Throws <see cref="Sqlite.LogRefusedException"/> or <see cref="Pipeline.DependencyUnavailableException"/>: it is not, send it again.</summary>
    /// <param name="record">A message or a batch, JSON.</param>
    Task AppendAsync(byte[] record);
}
