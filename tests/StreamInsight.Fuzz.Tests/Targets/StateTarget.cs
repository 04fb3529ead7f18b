using System.Buffers;
using System.Globalization;
using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Oracle.Comparison;
using StreamInsight.Oracle.Generation;
using StreamInsight.State;

namespace StreamInsight.Fuzz.Targets;

/// <summary>A customer's stored state: decoded to a state that can be encoded again, or refused with <see cref="InvalidDataException"/>.</summary>
public sealed class StateTarget : IFuzzTarget
{
    private readonly CompiledModel _model = EngineUnderTest.Compile(Fuzz.Corpus.Model);
    private readonly StateWriter _writer = new();

    public StateTarget()
    {
        var corpus = new List<byte[]>();
        var engine = new CustomerEngine(_model);
        var reader = new RecordReader(_model.Events);
        var message = new CustomerEvent();
        var random = new Prng(3);
        for (int customer = 0; customer < 12; customer++)
        {
            CustomerState state = engine.Create($"u{customer}", TimeScale.StartMs);
            int line = 0;
            foreach (byte[] record in LogGenerator.Log(random, TimeScale.Random(random)))
            {
                reader.Begin(record, RecordSource.File);
                while (reader.Next(message))
                    if (message.IsDecoded)
                        engine.Apply(state, message, new SourcePosition("", ++line, -1), []);
                if (line % 10 == 0)
                    corpus.Add(Encode(state));
            }
        }
        Corpus = corpus;
    }

    public string Name => "states";

    public IReadOnlyList<byte[]> Corpus { get; }

    public IReadOnlyList<byte[]> Words { get; } = [[0], [1], [0x7f], [0x80], [0xff], [0xff, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [2, 0], [1, 1, 1, 1]];

    public int MaxBytes => 20_000;

    public string Read(byte[] input)
    {
        CustomerState state;
        try
        {
            state = StateCodec.Decode(input, _model);
        }
        catch (InvalidDataException refused)
        {
            return refused.Message;
        }
        // What can be read can be written, and then stands as it is.
        byte[] encoded = Encode(state);
        if (!Encode(StateCodec.Decode(encoded, _model)).AsSpan().SequenceEqual(encoded))
            throw new InvalidOperationException("encoded again, it differs");
        return string.Create(CultureInfo.InvariantCulture, $"{state.Seq} {encoded.Length}");
    }

    private byte[] Encode(CustomerState state)
    {
        _writer.Clear();
        StateCodec.Encode(state, _model, _writer);
        return _writer.Written.ToArray();
    }
}
