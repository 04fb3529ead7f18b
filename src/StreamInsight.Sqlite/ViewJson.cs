using System.Text.Json.Serialization;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

[JsonSerializable(typeof(CustomerView))]
internal sealed partial class ViewJson : JsonSerializerContext;
