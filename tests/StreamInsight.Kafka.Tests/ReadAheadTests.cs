using StreamInsight.Pipeline;
using Xunit;

namespace StreamInsight.Kafka;

public class ReadAheadTests
{
    private readonly ReadAhead _readAhead = new("t", 100, 100_000);
    private readonly RecordBatch _batch = new();

    [Fact]
    public void Before_the_brokers_were_asked_no_timer_may_fire()
    {
        _readAhead.Assign(0, 0);
        _readAhead.Add(0, 0, 5_000, []);

        Take();

        Assert.Equal(ReadAhead.NoTimerYet, _batch.HorizonMs);
        Assert.Equal(1, _batch.Count);
        Assert.Null(_readAhead.Lag);
    }

    [Fact]
    public void With_a_backlog_the_horizon_is_the_least_record_time_of_the_partitions_that_have_one()
    {
        _readAhead.Assign(0, 0);
        _readAhead.Assign(1, 0);
        _readAhead.Assign(2, 0);
        _readAhead.Add(0, 0, 7_000, []);
        _readAhead.Add(1, 0, 5_000, []);
        _readAhead.Looked(1_000_000, Ends(2, 3, 0));

        Take();

        Assert.Equal(5_000, _batch.HorizonMs);
        Assert.False(_batch.IsCaughtUp);
        Assert.Equal(3, _readAhead.Lag);
    }

    [Fact]
    public void A_partition_with_a_backlog_and_nothing_taken_holds_every_timer()
    {
        _readAhead.Assign(0, 0);
        _readAhead.Assign(1, 0);
        _readAhead.Add(0, 0, 7_000, []);
        _readAhead.Looked(1_000_000, Ends(1, 1));

        Take();

        Assert.Equal(ReadAhead.NoTimerYet, _batch.HorizonMs);
    }

    [Fact]
    public void Caught_up_the_horizon_is_when_the_brokers_were_asked()
    {
        _readAhead.Assign(0, 4);
        _readAhead.Looked(1_000_000, Ends(5));
        _readAhead.Add(0, 4, 7_000, []);

        Take();

        Assert.Equal(1_000_000, _batch.HorizonMs);
        Assert.True(_batch.IsCaughtUp);
    }

    [Fact]
    public void The_end_of_a_partition_counts_where_offsets_have_gaps()
    {
        _readAhead.Assign(0, 0);
        _readAhead.Add(0, 0, 7_000, []);
        _readAhead.AddEnd(0, 3); // offsets 1 and 2 are marks of a transaction
        _readAhead.Looked(1_000_000, Ends(3));

        Take();

        Assert.Equal(1_000_000, _batch.HorizonMs);
    }

    [Fact]
    public void A_new_record_does_not_take_the_horizon_back()
    {
        _readAhead.Assign(0, 0);
        _readAhead.Looked(1_000_000, Ends(0));
        Take();
        _readAhead.Looked(1_000_100, Ends(2));
        _readAhead.Add(0, 0, 999_000, []);

        Take();

        Assert.Equal(1_000_000, _batch.HorizonMs);
    }

    [Fact]
    public void A_new_partition_makes_the_horizon_unknown_again()
    {
        _readAhead.Assign(0, 0);
        _readAhead.Looked(1_000_000, Ends(0));
        Take();
        _readAhead.Assign(1, 0);

        Take();

        Assert.Equal(ReadAhead.NoTimerYet, _batch.HorizonMs);
    }

    [Fact]
    public void What_waits_of_a_partition_that_is_taken_away_is_forgotten()
    {
        _readAhead.Assign(0, 0);
        _readAhead.Assign(1, 0);
        _readAhead.Add(0, 0, 1, []);
        Take();
        _readAhead.Add(0, 1, 1, []);
        _readAhead.Add(1, 0, 1, []);

        long last = _readAhead.Revoke(0);
        _readAhead.Add(0, 2, 1, []);
        Take();

        Assert.Equal(0, last);
        Assert.Equal("t/1", Assert.Single(TestTopic.Records(_batch)).Source);
        Assert.Equal(-1, _readAhead.Revoke(7));
    }

    private void Take()
    {
        _batch.Clear();
        _readAhead.Take(_batch);
    }

    private static Dictionary<int, long> Ends(params long[] ends) => ends.Index().ToDictionary(e => e.Index, e => e.Item);
}
