using System.Text;
using System.Text.Json.Nodes;

namespace Jarvis.Server.Tests.Agent;

/// <summary>A scripted answer as the vendors stream it.</summary>
internal static class LlmWire
{
    private const int Piece = 7;

    public static byte[] Bytes(Reply reply, bool anthropic, string model) =>
        Encoding.UTF8.GetBytes(reply.Instead ?? string.Concat(anthropic ? Anthropic(reply, model) : OpenAi(reply, model)));

    private static IEnumerable<string> Anthropic(Reply reply, string model)
    {
        yield return Event(new()
        {
            ["type"] = "message_start",
            ["message"] = new JsonObject
            {
                ["id"] = "msg_1", ["type"] = "message", ["role"] = "assistant", ["model"] = model, ["content"] = new JsonArray(), ["stop_reason"] = null, ["stop_sequence"] = null,
                ["usage"] = new JsonObject { ["input_tokens"] = 100, ["cache_creation_input_tokens"] = 20, ["cache_read_input_tokens"] = 1000, ["output_tokens"] = 1 },
            },
        });
        yield return Event(new() { ["type"] = "ping" });
        foreach (var (index, block) in reply.Blocks.Index())
        {
            yield return Event(new() { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = Start(block) });
            foreach (var delta in Deltas(block)) yield return Event(new() { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta });
            yield return Event(new() { ["type"] = "content_block_stop", ["index"] = index });
        }

        yield return Event(new()
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = reply.Stop ?? (reply.Blocks.Any(b => b is Block.Call) ? "tool_use" : "end_turn"), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = 50 },
        });
        yield return Event(new() { ["type"] = "message_stop" });
    }

    private static JsonObject Start(Block block) => block switch
    {
        Block.Say => new() { ["type"] = "text", ["text"] = "" },
        Block.Think => new() { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" },
        Block.ThinkHidden hidden => new() { ["type"] = "redacted_thinking", ["data"] = hidden.Data },
        Block.Call call => new() { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = new JsonObject() },
        _ => throw new InvalidOperationException(),
    };

    private static IEnumerable<JsonObject> Deltas(Block block) => block switch
    {
        Block.Say say => Pieces(say.Text).Select(p => new JsonObject { ["type"] = "text_delta", ["text"] = p }),
        Block.Think think => Pieces(think.Text).Select(p => new JsonObject { ["type"] = "thinking_delta", ["thinking"] = p }).Append(new() { ["type"] = "signature_delta", ["signature"] = think.Signature }),
        Block.Call call => Pieces(call.Arguments).Select(p => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = p }),
        _ => [],
    };

    private static IEnumerable<string> OpenAi(Reply reply, string model)
    {
        yield return Chunk(model, new() { ["role"] = "assistant", ["content"] = "" });
        var calls = 0;
        foreach (var block in reply.Blocks)
        {
            if (block is Block.Say say) foreach (var piece in Pieces(say.Text)) yield return Chunk(model, new() { ["content"] = piece });
            if (block is not Block.Call call) continue;
            yield return Chunk(model, Call(new() { ["index"] = calls, ["id"] = call.Id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = "" } }));
            foreach (var piece in Pieces(call.Arguments)) yield return Chunk(model, Call(new() { ["index"] = calls, ["function"] = new JsonObject { ["arguments"] = piece } }));
            calls++;
        }

        yield return Chunk(model, [], reply.Stop ?? (calls > 0 ? "tool_calls" : "stop"));
        if (!reply.HidesUsage)
        {
            var last = Envelope(model, []);
            last["usage"] = new JsonObject { ["prompt_tokens"] = 1120, ["completion_tokens"] = 50, ["total_tokens"] = 1170, ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 1000 } };
            yield return $"data: {last.ToJsonString()}\n\n";
        }

        yield return "data: [DONE]\n\n";
    }

    private static JsonObject Call(JsonObject call) => new() { ["tool_calls"] = new JsonArray(call) };

    private static string Chunk(string model, JsonObject delta, string? finish = null) =>
        $"data: {Envelope(model, [new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }]).ToJsonString()}\n\n";

    private static JsonObject Envelope(string model, JsonArray choices) => new() { ["id"] = "cc-1", ["object"] = "chat.completion.chunk", ["created"] = 1, ["model"] = model, ["choices"] = choices };

    private static string Event(JsonObject data) => $"event: {data["type"]}\ndata: {data.ToJsonString()}\n\n";

    private static IEnumerable<string> Pieces(string text)
    {
        for (var i = 0; i < text.Length; i += Piece) yield return text.Substring(i, Math.Min(Piece, text.Length - i));
    }
}
