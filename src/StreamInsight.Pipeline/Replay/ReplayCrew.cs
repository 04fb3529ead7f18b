using System.Threading.Channels;

namespace StreamInsight.Pipeline.Replay;

/// <summary>
/// Hands messages to the parts that own their customers, a run at a time, and knows when all of it is done. The router's thread alone calls
/// everything but the parts' own loops.
/// </summary>
internal sealed class ReplayCrew
{
    private readonly ReplayPart[] _parts;
    private readonly Channel<Run>[] _work;
    private readonly int[] _filled;
    private readonly int[] _posted;
    private ReplayBlock _block = null!;
    private long _runsPosted;
    private long _runsDone;
    private volatile bool _hasFailed;

    public ReplayCrew(ReplayPart[] parts, int blocks)
    {
        _parts = parts;
        _work = [.. parts.Select(_ => Channel.CreateBounded<Run>(new BoundedChannelOptions(blocks * 2) { SingleReader = true, SingleWriter = true }))];
        _filled = new int[parts.Length];
        _posted = new int[parts.Length];
    }

    /// <summary>One task a part; ends after <see cref="Complete"/>.</summary>
    public IEnumerable<Task> Start(CancellationTokenSource stop) => _parts.Select((part, index) => Task.Run(async () =>
    {
        try
        {
            await foreach (Run run in _work[index].Reader.ReadAllAsync(stop.Token))
            {
                part.Apply(run.Block, run.Block.Order[index].AsSpan(run.From, run.To - run.From));
                Interlocked.Increment(ref _runsDone);
                run.Block.Finished();
            }
        }
        catch
        {
            _hasFailed = true;
            await stop.CancelAsync();
            throw;
        }
    })).ToArray();

    public void Begin(ReplayBlock block)
    {
        _block = block;
        block.Prepare(_parts.Length);
        Array.Clear(_filled);
        Array.Clear(_posted);
    }

    public void Add(int part, int index) => _block.Order[part][_filled[part]++] = index;

    public void AddToAll(int index)
    {
        for (int part = 0; part < _parts.Length; part++)
            Add(part, index);
    }

    /// <summary>Everything of the block is added.</summary>
    public void End()
    {
        Post();
        _block.Finished();
    }

    public void Complete()
    {
        foreach (Channel<Run> work in _work)
            work.Writer.Complete();
    }

    /// <summary>Returns when everything added so far is applied.</summary>
    public void Wait()
    {
        Post();
        var spin = default(SpinWait);
        while (Interlocked.Read(ref _runsDone) < _runsPosted)
        {
            if (_hasFailed)
                throw new OperationCanceledException("Another part of the replay failed.");
            spin.SpinOnce();
        }
    }

    private void Post()
    {
        for (int part = 0; part < _parts.Length; part++)
        {
            if (_filled[part] == _posted[part])
                continue;
            _block.Started();
            _runsPosted++;
            var run = new Run(_block, _posted[part], _filled[part]);
            _posted[part] = _filled[part];
            while (!_work[part].Writer.TryWrite(run))
            {
                if (_hasFailed)
                    throw new OperationCanceledException("Another part of the replay failed.");
                Thread.Yield();
            }
        }
    }

    private readonly record struct Run(ReplayBlock Block, int From, int To);
}
