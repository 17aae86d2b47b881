using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarvis.Server.Agent;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AwaitingApproval))]
[JsonSerializable(typeof(TurnEvent))]
[JsonSerializable(typeof(ChatDetails))]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(ChatChange))]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatConversation))]
[JsonSerializable(typeof(ChatRename))]
[JsonSerializable(typeof(IReadOnlyList<ChatProvider>))]
[JsonSerializable(typeof(ChatAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ChatToolLine>))]
[JsonSerializable(typeof(IReadOnlyList<ChatSession>))]
[JsonSerializable(typeof(IReadOnlyList<ChatLine>))]
internal sealed partial class AgentJson : JsonSerializerContext;
