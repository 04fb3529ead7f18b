using System.Text;
using System.Threading.Channels;
using StreamInsight.Events;
using StreamInsight.Identity;

namespace StreamInsight.Pipeline.Replay;

/// <summary>
/// Runs a log through the engine: the same result whatever the number of threads. Blocks of lines are read, decoded side by side, routed in order by one thread,
/// applied by the part that owns the customer, and finished in order; then every customer is advanced to the end.
/// Memory is bounded by customers, not by events.
/// </summary>
public sealed class ReplayRunner
{

    private readonly ReplayOptions _options;
    private readonly IdentityMap _ids;
    private readonly CustomerTable _customers = new();
    private readonly ReplayPart[] _parts;
    private readonly ReplayRouter _router;
    private readonly ReplaySummary _summary;
    private readonly LineReader _lines;
    private long _line = 1;

    public ReplayRunner(ReplayOptions options)
    {
        _options = options;
        CompiledModel model = options.Model;
        _ids = new IdentityMap(limit: options.IdentityLimit);

        // What a score learns depends on the order of all customers' outcomes, so that customers of a model with scores that learn are one part; others read and decode for it.
        int parts = model.Learnings.Count > 0 ? 1 : Math.Max(1, options.Parallel);
        _parts = [.. Enumerable.Range(0, parts).Select(_ => new ReplayPart(model, _ids, _customers, options.OutputDirectory))];
        _summary = new ReplaySummary
        {
            Model = model.Id,
            Segments = [.. model.Definition.Segments.Select(segment => new SegmentCount(segment.Name))],
            Stages = [.. (model.Definition.Journey?.Stages ?? []).Select(stage => (stage, 0L))],
        };
        _router = new ReplayRouter(_ids, _customers, Settle, (ended, into, timeMs) => PartOf(into).Merge(ended, into, timeMs), _summary);
        _lines = new LineReader(options.Events, options.BlockBytes);
    }

    /// <summary>Called while nothing may be in work: everything routed so far is applied.</summary>
    private Action _waitForParts = () => { };

    public ReplaySummary Run(CancellationToken cancel = default)
    {
        using ReplayOutput output = new(_options.OutputDirectory);
        try
        {
            if (_options.Parallel <= 1)
                RunAlone(output, cancel);
            else
                RunSideBySide(output, cancel).GetAwaiter().GetResult();
            AdvanceAll();
            Count();
            Report("writing");
            output.WriteFacts([.. _parts.Select(part => part.Runs)]);
            output.WriteProfiles(_options.Model, _parts[0].Engine.Shared, [.. _customers.All(0, 1)], _parts.Length);
            output.WriteSummary(_summary);
            return _summary;
        }
        finally
        {
            foreach (ReplayPart part in _parts)
                part.Dispose();
        }
    }

    /// <summary>After <see cref="Run"/>: the customer an id belongs to; null = none.</summary>
    public CustomerState? Find(string id) =>
        _ids.Find(Encoding.UTF8.GetBytes(id)) is >= 0 and var slot ? _customers[_ids.Root(slot)] : null;

    /// <summary>After <see cref="Run"/>: what became of every action.</summary>
    public Decisions.OutcomeBook Outcomes()
    {
        var book = new Decisions.OutcomeBook(_options.Model);
        foreach (ReplayPart part in _parts)
            book.Add(part.Engine.Shared.Outcomes);
        return book;
    }

    /// <summary>After <see cref="Run"/>: what all customers share; of several parts that of the first.</summary>
    public Decisions.SharedState Shared => _parts[0].Engine.Shared;

    /// <summary>After <see cref="Run"/>: every customer, in no particular order. Not to be changed.</summary>
    public IEnumerable<CustomerState> Customers() => _customers.All(0, 1);

    /// <summary>After <see cref="Run"/>: where every customer stands, in no particular order.</summary>
    public IEnumerable<Standing> Standings() => _customers.All(0, 1).Select(customer => new Standing(
        customer.Id,
        _options.Model.Journey?.Stages[customer.Stage],
        [.. _options.Model.SegmentsOf(customer).Select(segment => segment.Name)]));

    private void RunAlone(ReplayOutput output, CancellationToken cancel)
    {
        var block = new ReplayBlock(_options.Model.Events);
        ReplayPart part = _parts[0];
        while ((block.Length = _lines.Read(ref block.Buffer)) > 0)
        {
            cancel.ThrowIfCancellationRequested();
            block.Decode();
            Number(block);
            block.Prepare(1);
            int routed = 0, applied = 0;
            _waitForParts = ApplyRouted;
            for (int i = 0; i < block.Count; i++)
            {
                _router.Route(block, i);
                if (block.Slots[i].Root != ReplayBlock.Nobody)
                    block.Order[0][routed++] = i;
            }

            ApplyRouted();
            Finish(block, output);

            void ApplyRouted()
            {
                part.Apply(block, block.Order[0].AsSpan(applied, routed - applied));
                applied = routed;
            }
        }
    }

    private async Task RunSideBySide(ReplayOutput output, CancellationToken cancel)
    {
        int blocks = (_parts.Length * 3) + 4;
        Channel<ReplayBlock> free = Channel.CreateBounded<ReplayBlock>(blocks);
        for (int i = 0; i < blocks; i++)
            free.Writer.TryWrite(new ReplayBlock(_options.Model.Events));
        Channel<Task<ReplayBlock>> decoded = Channel.CreateBounded<Task<ReplayBlock>>(blocks);
        Channel<ReplayBlock> routed = Channel.CreateBounded<ReplayBlock>(blocks);
        var crew = new ReplayCrew(_parts, blocks);
        _waitForParts = crew.Wait;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] stages =
        [
            Task.Run(() => Stage(() => Read(free.Reader, decoded.Writer, stop.Token)), CancellationToken.None),
            Task.Run(() => Stage(() => Route(decoded.Reader, routed.Writer, crew, stop.Token)), CancellationToken.None),
            Task.Run(() => Stage(() => FinishAll(routed.Reader, free.Writer, output, stop.Token)), CancellationToken.None),
            .. crew.Start(stop),
        ];
        await Task.WhenAll(stages);

        // The first stage that fails stops the others; its exception is the one that counts.
        async Task Stage(Func<Task> work)
        {
            try
            {
                await work();
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }

    private async Task Read(ChannelReader<ReplayBlock> free, ChannelWriter<Task<ReplayBlock>> decoded, CancellationToken cancel)
    {
        while (true)
        {
            ReplayBlock block = await free.ReadAsync(cancel);
            if ((block.Length = _lines.Read(ref block.Buffer)) == 0)
                break;
            Task<ReplayBlock> work = Task.Run(
                () =>
                {
                    block.Decode();
                    return block;
                },
                cancel);
            await decoded.WriteAsync(work, cancel);
        }

        decoded.Complete();
    }

    private async Task Route(ChannelReader<Task<ReplayBlock>> decoded, ChannelWriter<ReplayBlock> routed, ReplayCrew crew, CancellationToken cancel)
    {
        await foreach (Task<ReplayBlock> work in decoded.ReadAllAsync(cancel))
        {
            ReplayBlock block = await work;
            Number(block);
            crew.Begin(block);
            for (int i = 0; i < block.Count; i++)
            {
                _router.Route(block, i);
                int root = block.Slots[i].Root;
                if (root == ReplayBlock.Everybody)
                    crew.AddToAll(i);
                else if (root != ReplayBlock.Nobody)
                    crew.Add(root % _parts.Length, i);
            }

            crew.End();
            await routed.WriteAsync(block, cancel);
        }

        crew.Complete();
        routed.Complete();
    }

    private async Task FinishAll(ChannelReader<ReplayBlock> routed, ChannelWriter<ReplayBlock> free, ReplayOutput output, CancellationToken cancel)
    {
        await foreach (ReplayBlock block in routed.ReadAllAsync(cancel))
        {
            await block.Done.WaitAsync(cancel);
            Finish(block, output);
            await free.WriteAsync(block, cancel);
        }
    }

    private void Settle() => _waitForParts();

    private ReplayPart PartOf(int root) => _parts[root % _parts.Length];

    private void Number(ReplayBlock block)
    {
        block.FirstLine = _line;
        _line += block.Lines;
    }

    private void Finish(ReplayBlock block, ReplayOutput output)
    {
        for (int i = 0; i < block.Count; i++)
        {
            CustomerEvent message = block.Events[i];
            if (message.Refusal == Refusal.None)
                continue;
            _summary.Refused[(int)message.Refusal]++;
            output.WriteDead(block.PositionOf(i), message.Refusal, message.Message.Span);
        }

        Report("events");
    }

    private void AdvanceAll()
    {
        _summary.UntilMs = _options.UntilMs ?? _router.GreatestMs;
        if (_summary.UntilMs is not { } untilMs)
            return;
        Parallel.For(0, _parts.Length, new ParallelOptions { MaxDegreeOfParallelism = _parts.Length }, index =>
        {
            foreach (CustomerState customer in _customers.All(index, _parts.Length))
                _parts[index].Advance(customer, untilMs);
        });
    }

    private void Count()
    {
        foreach (ReplayPart part in _parts)
        {
            _summary.Accepted += part.Accepted;
            for (int kind = 0; kind < part.FactCounts.Length; kind++)
                _summary.Facts[kind] += part.FactCounts[kind];
            foreach (SegmentCount segment in _summary.Segments)
            {
                (long entered, long left) = part.SegmentCounts.GetValueOrDefault(segment.Name);
                segment.Entered += entered;
                segment.Left += left;
            }
        }

        foreach (Decisions.CompiledLearning learning in _options.Model.Learnings)
            _summary.Scores.Add((_options.Model.Scores.First(score => score.Learning == learning).Name, _parts[0].Engine.Shared.Scores[learning.Index].Report));

        foreach (CustomerState customer in _customers.All(0, 1))
        {
            _summary.Customers++;
            if (_summary.Stages.Length > 0)
                _summary.Stages[customer.Stage].Customers++;
            foreach (Segments.Membership standing in customer.Memberships)
                if (standing.IsMember)
                    _summary.Segments[_options.Model.Segments[standing.Segment].Written].Members++;
        }

        // Two transitions may lead from one stage to the same other: they are one place in the summary.
        foreach (IGrouping<string, Engine.Condition> place in _options.Model.Conditions.GroupBy(condition => condition.Where))
            if (place.Sum(condition => _parts.Sum(part => part.Engine.ErrorCounts[condition.Index])) is > 0 and var errors)
                _summary.Errors.Add((place.Key, errors));
    }

    private void Report(string phase) => _options.Progress?.Report(new ReplayProgress(phase, _summary.Events, _lines.Bytes));
}
