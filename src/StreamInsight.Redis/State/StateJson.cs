using System.Text.Json.Serialization;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Redis.State;

[JsonSerializable(typeof(CustomerView))]
[JsonSerializable(typeof(Erasure))]
internal sealed partial class StateJson : JsonSerializerContext;
