using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Jarvis.Server.Tests.Agent;

/// <summary>What the vendors refuse with 400; each rule gives the vendor's complaint, or null.</summary>
internal sealed partial class LlmRules
{
    // thoughts by the signature or data under which they were given out, and by the call that came with them
    private readonly ConcurrentDictionary<string, string> _thoughts = new();
    private readonly ConcurrentDictionary<string, string> _thoughtOfCall = new();

    public void Issue(Reply reply)
    {
        foreach (var think in reply.Blocks.OfType<Block.Think>()) _thoughts[think.Signature] = think.Text;
        foreach (var hidden in reply.Blocks.OfType<Block.ThinkHidden>()) _thoughts[hidden.Data] = "";
        if (reply.Blocks.OfType<Block.Think>().FirstOrDefault() is { } first)
            foreach (var call in reply.Blocks.OfType<Block.Call>()) _thoughtOfCall[call.Id] = first.Signature;
    }

    public string? Anthropic(JsonObject body, IHeaderDictionary headers)
    {
        if (headers["anthropic-version"].Count != 1) return "anthropic-version: header is required";
        if (Text(body["model"]) is null) return "model: Field required";
        if (Number(body["max_tokens"]) is not > 0) return "max_tokens: Field required";
        if (body["messages"] is not JsonArray { Count: > 0 } messages) return "messages: at least one message is required";
        if (Text(messages[0]?["role"]) != "user") return "messages: first message must use the \"user\" role";
        if (Count(body) > 4) return "A maximum of 4 blocks with cache_control may be provided";
        if (Tools(body["tools"], t => t, "input_schema") is { } badTool) return badTool;
        if (!messages.SelectMany(Blocks).All(b => Text(b["type"]) is not ("tool_use" or "tool_result")) && body["tools"] is null)
            return "tools: must be defined when messages hold tool_use or tool_result blocks";
        var ids = new HashSet<string>();
        var open = new HashSet<string>();
        foreach (var (i, message) in messages.Index())
        {
            if (Text(message?["role"]) is not ("user" or "assistant")) return $"messages.{i}.role: must be \"user\" or \"assistant\"";
            var blocks = Blocks(message).ToList();
            if (blocks.Count == 0) return $"messages.{i}: content must not be empty";
            var results = blocks.TakeWhile(b => Text(b["type"]) == "tool_result").Select(b => Text(b["tool_use_id"]) ?? "").ToList();
            if (blocks.Skip(results.Count).Any(b => Text(b["type"]) == "tool_result")) return $"messages.{i}: tool_result blocks must come first";
            if (!open.SetEquals(results) || results.Distinct().Count() != results.Count) return $"messages.{i}: tool_use ids and tool_result blocks do not match: [{string.Join(",", open)}] and [{string.Join(",", results)}]";
            open.Clear();
            foreach (var block in blocks)
            {
                if (Block(block, Text(message?["role"]) == "assistant", blocks) is { } wrong) return $"messages.{i}: {wrong}";
                if (Text(block["type"]) != "tool_use") continue;
                if (!ids.Add(Text(block["id"])!)) return $"messages.{i}: tool_use ids must be unique";
                open.Add(Text(block["id"])!);
            }
        }

        return open.Count > 0 ? $"tool_use ids were found without tool_result blocks: {string.Join(",", open)}" : null;
    }

    public static string? OpenAi(JsonObject body)
    {
        if (Text(body["model"]) is null) return "you must provide a model parameter";
        if (Number(body["max_tokens"] ?? body["max_completion_tokens"]) is not > 0) return "max_tokens is missing";
        if (body["max_tokens"] is not null && body["max_completion_tokens"] is not null) return "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported";
        if (body["stream"]?.GetValue<bool>() == true && body["stream_options"]?["include_usage"]?.GetValue<bool>() != true) return "stream_options.include_usage is missing";
        if (body["messages"] is not JsonArray { Count: > 0 } messages) return "[] is too short - 'messages'";
        if (Tools(body["tools"], t => t["function"]!, "parameters") is { } badTool) return badTool;
        var ids = new HashSet<string>();
        var open = new HashSet<string>();
        foreach (var (i, message) in messages.Index())
        {
            var role = Text(message?["role"]);
            if (role is not ("system" or "user" or "assistant" or "tool")) return $"messages.{i}.role '{role}' is not supported";
            if (role == "tool")
            {
                if (!open.Remove(Text(message?["tool_call_id"]) ?? "")) return $"messages.{i}: a 'tool' message must follow its 'tool_calls'";
                if (message?["content"] is null) return $"messages.{i}: content is missing";
                continue;
            }

            if (open.Count > 0) return $"an assistant message with 'tool_calls' must be followed by tool messages for: {string.Join(",", open)}";
            if (role == "assistant" && message?["tool_calls"] is JsonArray calls)
            {
                foreach (var call in calls)
                {
                    if (Text(call?["id"]) is not { Length: > 0 } id || !ids.Add(id)) return $"messages.{i}: ids of tool_calls must be given and unique";
                    if (!Name.IsMatch(Text(call?["function"]?["name"]) ?? "")) return $"messages.{i}: a tool call's name does not match";
                    if (!IsObject(Text(call?["function"]?["arguments"]))) return $"messages.{i}: function.arguments must be an object as text";
                    open.Add(id);
                }
            }
            else if (message?["content"] is null)
            {
                return $"messages.{i}: content is missing";
            }
        }

        return open.Count > 0 ? $"'tool_calls' without tool messages: {string.Join(",", open)}" : null;
    }

    private string? Block(JsonNode block, bool assistant, List<JsonNode> all)
    {
        switch (Text(block["type"]))
        {
            case "text":
                return string.IsNullOrWhiteSpace(Text(block["text"])) ? "text content blocks must be non-empty" : null;
            case "image" or "document":
                return assistant ? "images are for the user" : null;
            case "tool_result":
                return assistant ? "tool_result blocks are for the user" : null;
            case "tool_use":
                if (!assistant) return "tool_use blocks are for the assistant";
                if (!Name.IsMatch(Text(block["id"]) ?? "") || !Name.IsMatch(Text(block["name"]) ?? "")) return "tool_use id and name must match ^[a-zA-Z0-9_-]+$";
                if (block["input"] is not JsonObject) return "tool_use.input must be an object";
                return _thoughtOfCall.TryGetValue(Text(block["id"])!, out var thought) && !all.Any(b => Text(b["signature"]) == thought)
                    ? "a tool_use that followed thinking must come with its thinking block" : null;
            case "thinking":
                return _thoughts.TryGetValue(Text(block["signature"]) ?? "", out var text) && text == Text(block["thinking"]) ? null : "Invalid `signature` in `thinking` block";
            case "redacted_thinking":
                return _thoughts.TryGetValue(Text(block["data"]) ?? "", out var hidden) && hidden.Length == 0 ? null : "Invalid `data` in `redacted_thinking` block";
            default:
                return $"unknown block type {block["type"]}";
        }
    }

    private static string? Tools(JsonNode? tools, Func<JsonNode, JsonNode> of, string schema)
    {
        if (tools is not JsonArray list) return null;
        var names = list.Select(t => Text(of(t!)["name"]) ?? "").ToList();
        if (names.Find(n => !Name.IsMatch(n)) is { } odd) return $"tools: the name '{odd}' does not match";
        if (names.Distinct().Count() != names.Count) return "tools: names must be unique";
        return list.All(t => Text(of(t!)[schema]?["type"]) == "object") ? null : $"tools: {schema}.type must be \"object\"";
    }

    private static int Count(JsonNode? node) => node switch
    {
        JsonObject o => o.Sum(p => (p.Key == "cache_control" && p.Value is not null ? 1 : 0) + Count(p.Value)),
        JsonArray a => a.Sum(Count),
        _ => 0,
    };

    private static IEnumerable<JsonNode> Blocks(JsonNode? message) => message?["content"] switch
    {
        JsonArray blocks => blocks.OfType<JsonNode>(),
        JsonValue text when Text(text) is { Length: > 0 } said => [new JsonObject { ["type"] = "text", ["text"] = said }],
        _ => [],
    };

    private static bool IsObject(string? json)
    {
        try
        {
            return json is not null && JsonNode.Parse(json) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex Name { get; }
}
