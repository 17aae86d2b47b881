using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>What has come of a turn that is not text: its calls, how it ended, what it took.</summary>
internal sealed partial class TurnParts
{
    private const int LongestId = 64;
    private const int MostCalls = 32;
    private readonly List<Part> _calls = [];
    private readonly Dictionary<long, Part> _open = [];

    /// <summary>Set by the vendor's last word; without it the turn was cut.</summary>
    public ChatFinishReason? Finish { get; set; }

    public Tokens? Tokens { get; set; }

    /// <summary>A call begins, or one of the same place goes on when neither id nor name is new.</summary>
    public void Start(long place, string? id, string? name)
    {
        if (_open.TryGetValue(place, out var open) && (string.IsNullOrEmpty(id) || id == open.Id))
        {
            if (open.Name.Length == 0) open.Name = name ?? "";
            return;
        }

        _calls.Add(_open[place] = new(id ?? "") { Name = name ?? "" });
    }

    public void Add(long place, string json)
    {
        if (!_open.ContainsKey(place)) Start(place, null, null);
        _open[place].Json.Append(json);
    }

    /// <summary>A finish as vendors write it, kept when it is none of those that have a name here.</summary>
    public static ChatFinishReason FinishOf(string reason) => reason switch
    {
        "end_turn" or "stop_sequence" or "stop" => ChatFinishReason.Stop,
        "tool_use" or "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        "max_tokens" or "length" or "model_context_window_exceeded" => ChatFinishReason.Length,
        "refusal" or "content_filter" => ChatFinishReason.ContentFilter,
        _ => new(reason.Length is > 0 and <= LongestId && !Odd.IsMatch(reason) ? reason : "unknown"),
    };

    /// <summary>The calls in their order. Ids and names are made such that every wire takes them back, and each id is there once.</summary>
    public IEnumerable<AIContent> Calls(IReadOnlySet<string> declared)
    {
        var twice = _calls.Where(c => c.Id.Length > 0).GroupBy(c => c.Id).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var cut = Finish != ChatFinishReason.Stop && Finish != ChatFinishReason.ToolCalls ? $"The answer ended ({Finish}) before its calls were complete." : null;
        var given = new HashSet<string>();
        foreach (var (i, call) in _calls.Index())
        {
            var id = Odd.IsMatch(call.Id) || call.Id.Length is 0 or > LongestId || !given.Add(call.Id) ? $"call_{Guid.NewGuid():N}" : call.Id;
            var name = Odd.Replace(call.Name, "_");
            if (name.Length is 0 or > LongestId) name = name.Length == 0 ? "_" : name[..LongestId];
            var flaw = cut ?? (i >= MostCalls ? $"More than {MostCalls} calls came in one turn." : twice.Contains(call.Id) ? "Two calls have the same id."
                : !declared.Contains(call.Name) ? "There is no tool of that name." : null);
            yield return RawArguments.Call(id, name, call.Json.Length == 0 ? "{}" : call.Json.ToString(), flaw);
        }
    }

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Odd { get; }

    private sealed class Part(string id)
    {
        public string Id => id;

        public string Name { get; set; } = "";

        public StringBuilder Json { get; } = new();
    }
}
