using System.Text.Json.Serialization;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Sqlite;

[JsonSerializable(typeof(Erasure))]
internal sealed partial class ErasureJson : JsonSerializerContext;
