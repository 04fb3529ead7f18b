using StreamInsight.Kafka;
using StreamInsight.Pipeline;
using StreamInsight.Redis.State;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// Dead letters of any partition, back into Kafka's topic of events. Claimed before and marked after in Redis, so each is put back once; a node that dies in between leaves a claim that is
/// void after a minute, and then a letter may come twice rather than not at all.
/// </summary>
internal sealed class KafkaReturn(ClusterStores stores, RedisRequeued marks, KafkaEventLog log, TimeProvider time) : IDeadLetterReturn
{
    private const int AtATime = 16;

    private readonly SemaphoreSlim _free = new(AtATime);

    public async Task<string?> ReturnAsync(DeadLetterId letter)
    {
        await _free.WaitAsync();
        try
        {
            return await PutBackAsync(letter);
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task<string?> PutBackAsync(DeadLetterId letter)
    {
        if (letter.Partition is not { } partition || partition >= stores.Count)
            return null;
        DeadLetter? kept = await Task.Run(() => stores.Reader(partition).ReadDeadLetters(letter.Number - 1, 1).FirstOrDefault());
        if (kept?.Number != letter.Number || !await Task.Run(() => marks.Claim(partition, letter.Number, time.GetUtcNow().ToUnixTimeMilliseconds())))
            return null;
        string position;
        try
        {
            byte[] record = RequeuedRecord.WithItsTime(kept.Record.ToArray(), kept.RecordTimeMs);
            position = (await log.AppendAsync(record, KafkaIntake.KeyOf(record))).ToString();
        }
        catch (DependencyUnavailableException)
        {
            // It may have arrived all the same; whoever asks again should get it there rather than nobody.
            await Task.Run(() => marks.Release(partition, letter.Number));
            throw;
        }
        await Task.Run(() => marks.Done(partition, letter.Number, position));
        return position;
    }
}
