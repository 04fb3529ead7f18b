using System.Buffers;
using System.Globalization;
using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.State;
using Xunit;

namespace StreamInsight.Decisions;

/// <summary>One customer and a model; messages go in, facts and decisions come out. Times are minutes since the start, Monday 2026-03-02 09:00 UTC.</summary>
internal sealed class DecisionRun
{
    public const string Start = "2026-03-02T09:00:00Z";

    private readonly RecordReader _reader;
    private readonly CustomerEvent _message = new();
    private int _line;

    public DecisionRun(string yaml)
    {
        CheckedModel model = ModelCheck.All(yaml);
        Assert.True(model.Model is not null, string.Join("\n", model.Faults));
        Model = model.Model!;
        Engine = new CustomerEngine(Model);
        _reader = new RecordReader(Model.Events);
    }

    public CompiledModel Model { get; }

    public CustomerEngine Engine { get; }

    public CustomerState? Customer { get; private set; }

    public List<Fact> Facts { get; } = [];

    /// <summary>Stored and loaded after every message.</summary>
    public bool IsStoredAtEveryStep { get; init; }

    public static string At(double minutes) =>
        DateTimeOffset.Parse(Start, CultureInfo.InvariantCulture).AddMinutes(minutes).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public Refusal Track(double minutes, string name, string properties = "{}", string customer = "u1") =>
        Apply($$"""{"type":"track","event":"{{name}}","userId":"{{customer}}","messageId":"m{{_line}}","timestamp":"{{At(minutes)}}","properties":{{properties}}}""", customer);

    public Refusal Identify(double minutes, string traits) =>
        Apply($$"""{"type":"identify","userId":"u1","messageId":"m{{_line}}","timestamp":"{{At(minutes)}}","traits":{{traits}}}""", "u1");

    public Refusal Queue(double minutes, string properties) =>
        Apply($$"""{"type":"track","event":"Queue Updated","timestamp":"{{At(minutes)}}","properties":{{properties}}}""", "");

    public DecisionRecord Decide(double minutes, string channel, string id)
    {
        Assert.Equal(Refusal.None, Track(minutes, "Decision Requested", $$"""{"channel":"{{channel}}","decision":"{{id}}"}"""));
        return Engine.Decided!;
    }

    public void Advance(double minutes) => Engine.Advance(Customer!, DateTimeOffset.Parse(At(minutes), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), Facts);

    /// <summary>The last ranking told, as <c>name:channel+channel</c>.</summary>
    public string Ranking() => string.Join(
        " ", Facts.LastOrDefault(fact => fact.Kind == FactKind.ActionsChanged)?.Actions.Select(action => $"{action.Action}:{string.Join('+', action.Channels)}") ?? []);

    public string Profile()
    {
        var line = new ArrayBufferWriter<byte>();
        new ProfileWriter(Model, Engine.Shared).Write(Customer!, line);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }

    private Refusal Apply(string line, string customer)
    {
        _line++;
        _reader.Begin(Encoding.UTF8.GetBytes(line), RecordSource.File);
        Assert.True(_reader.Next(_message));
        if (Model.Events.IsOfQueue(_message))
        {
            Engine.ApplyQueue(_message);
            return _message.Refusal;
        }

        Customer ??= Engine.Create(customer, _message.RecordTimeMs);
        Refusal refusal = Engine.Apply(Customer, _message, new SourcePosition(SourcePosition.File, _line, -1), Facts);
        if (IsStoredAtEveryStep)
        {
            var writer = new StateWriter();
            StateCodec.Encode(Customer, Model, writer);
            Customer = StateCodec.Decode(writer.Written, Model);
        }

        return refusal;
    }
}
