using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarvis.Server.Agent;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AwaitingApproval))]
[JsonSerializable(typeof(TurnEvent))]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ChatToolLine>))]
[JsonSerializable(typeof(IReadOnlyList<ChatSession>))]
[JsonSerializable(typeof(IReadOnlyList<ChatLine>))]
internal sealed partial class AgentJson : JsonSerializerContext;
