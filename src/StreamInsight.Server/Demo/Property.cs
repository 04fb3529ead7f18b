using System.Text.Json;

namespace StreamInsight.Server.Demo;

/// <summary>One property or trait of a simulated message. <c>default</c> is not written.</summary>
internal readonly record struct Property
{
    private readonly string? _text;
    private readonly double _number;
    private readonly Shape _shape;

    public Property(string name, string value) => (Name, _text, _shape) = (name, value, Shape.Text);

    public Property(string name, int value) => (Name, _number, _shape) = (name, value, Shape.Whole);

    public Property(string name, double value) => (Name, _number, _shape) = (name, value, Shape.Number);

    public Property(string name, bool value) => (Name, _number, _shape) = (name, value ? 1 : 0, Shape.Truth);

    private enum Shape : byte
    {
        Nothing,
        Text,
        Whole,
        Number,
        Truth,
    }

    public string Name { get; }

    public void Write(Utf8JsonWriter json)
    {
        switch (_shape)
        {
            case Shape.Text: json.WriteString(Name, _text); break;
            case Shape.Whole: json.WriteNumber(Name, (long)_number); break;
            case Shape.Number: json.WriteNumber(Name, _number); break;
            case Shape.Truth: json.WriteBoolean(Name, _number != 0); break;
        }
    }
}
