using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Jarvis.Safety;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(ShownPlan))]
[JsonSerializable(typeof(Caller))]
[JsonSerializable(typeof(List<Target>))]
[JsonSerializable(typeof(List<TargetRule>))]
[JsonSerializable(typeof(Policy))]
internal sealed partial class SafetyJson : JsonSerializerContext;
