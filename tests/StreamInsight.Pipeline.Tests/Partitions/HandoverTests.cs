using System.Text;
using StreamInsight.Events;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Pipeline.Tests.Setting;

namespace StreamInsight.Pipeline.Tests.Partitions;

/// <summary>Whole pipelines, with the road between them.</summary>
public sealed class HandoverTests : IAsyncLifetime
{
    private readonly TwoPartitions _both = new(new WorkerOptions { MaxHeldMessages = 3 });

    public Task InitializeAsync() => _both.StartAsync();

    public async Task DisposeAsync() => await _both.DisposeAsync();

    [Fact]
    public async Task A_message_that_came_by_another_partition_is_applied_at_home_and_once()
    {
        string customer = _both.Living(1);
        for (int i = 0; i < 20; i++)
            _both.Sources[0].Put(Shop.Order(customer, 1), Shop.Noon + i);
        await Eventually.HoldsAsync(async () => (await _both.ProfileAsync(1, customer))?.Contains("\"orders\":20") == true, "20 orders at home");
        Assert.Null(await _both.ProfileAsync(0, customer));
    }

    [Fact]
    public async Task What_a_stranger_writes_to_the_topic_becomes_a_dead_letter_and_stops_nobody()
    {
        string customer = _both.Living(1);
        _both.Roads[1].Put(Encoding.UTF8.GetBytes("""{"not":"ours"}"""));
        _both.Sources[0].Put(Shop.Order(customer, 1), Shop.Noon);
        await Eventually.HoldsAsync(async () => (await _both.ProfileAsync(1, customer))?.Contains("\"orders\":1") == true, "the order is applied");
        await Eventually.HoldsAsync(() => _both.Stores[1].LastDeadLetterNumber > 0, "the dead letter is kept");
        DeadLetter letter = _both.Stores[1].ReadDeadLetters(0, 10)[0];
        Assert.Equal((Refusal.NotJson, "handover/1"), (letter.Reason, letter.Position.Source));
    }

    [Fact]
    public async Task A_message_of_a_newer_release_stops_the_partition_and_is_not_passed_over()
    {
        _both.Roads[1].Put(new byte[] { 2, 0, 1, 1 });
        await Assert.ThrowsAsync<InvalidDataException>(() => _both.Pipelines[1].Completion.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task When_too_many_messages_wait_for_a_merge_the_source_pauses_until_the_answer_comes()
    {
        string user = _both.Living(0), visitor = _both.Living(1), other = _both.Living(0, 1);
        _both.Roads[1].IsOpen = false;   // the other partition stands still
        _both.Sources[0].Put($$"""{"type":"identify","userId":"{{user}}","anonymousId":"{{visitor}}"}""", Shop.Noon);
        for (int i = 0; i < 5; i++)
        {
            await Eventually.HoldsAsync(() => Task.FromResult(_both.Sources[0].Lag == 0), "the source is read");
            _both.Sources[0].Put(Shop.Order(user, 1), Shop.Noon + i);
        }
        await Eventually.HoldsAsync(async () => await _both.Pipelines[0].AskAsync(host => ValueTask.FromResult(host.HeldMessages)) >= 3, "three messages wait");
        _both.Sources[0].Put(Shop.Order(other, 1), Shop.Noon + 9);
        Assert.Null(await _both.ProfileAsync(0, other));

        _both.Roads[1].Open();
        await Eventually.HoldsAsync(async () => (await _both.ProfileAsync(0, user))?.Contains("\"orders\":5") == true && await _both.ProfileAsync(0, other) is not null, "what waited is applied");
        Assert.Equal(0, await _both.Pipelines[0].AskAsync(host => ValueTask.FromResult(host.HeldMessages)));
    }

    [Fact]
    public async Task An_erasure_reaches_the_ids_of_other_partitions()
    {
        string user = _both.Living(0), visitor = _both.Living(1);
        _both.Sources[1].Put(Shop.Order(visitor, 1).Replace("userId", "anonymousId"), Shop.Noon);
        _both.Sources[0].Put($$"""{"type":"identify","userId":"{{user}}","anonymousId":"{{visitor}}"}""", Shop.Noon + 1);
        await Eventually.HoldsAsync(async () => (await _both.ProfileAsync(0, user))?.Contains("\"orders\":1") == true, "the merge");
        Assert.NotNull(await _both.Pipelines[0].EraseAsync(user, TimeSpan.FromSeconds(5)));
        await Eventually.HoldsAsync(() => Task.FromResult(_both.Stores[1].LoadTombstones().Count == 1 && _both.Stores[1].LoadId(visitor) is null), "the visitor's id is erased");
        Assert.Null(await _both.ProfileAsync(0, user));
    }
}
