using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jarvis.Safety;
using Jarvis.Server.Agent.Understanding;

namespace Jarvis.Server.Agent;

/// <summary>A tool that an answer called, as people are shown it.</summary>
public sealed record ChatToolLine(string CallId, string Name, JsonElement Args, Tier? Tier, ToolStatus? Status, string? Verdict, bool IsError, string? Summary, string? AuditId, string? ApprovalId, double? Milliseconds);

/// <summary>What could be done if the operator says yes.</summary>
public sealed record ChatProposal(string Tool, JsonElement Args);

/// <summary>What an answer has come to so far, gathered from its events.</summary>
internal sealed class Answer(ChatRun? run, TimeProvider time)
{
    private const string Question = "DENY_QUESTION";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private readonly StringBuilder _text = new();
    private readonly List<ChatToolLine> _tools = [];
    private readonly List<ChatProposal> _proposals = [];
    private readonly List<string> _reasons = [];
    private string? _unproven;
    private string? _model;
    private string _writing = "";
    private long _told;

    public string Text => _text.ToString();

    public string? Provider { get; private set; }

    public string? Error { get; private set; }

    public TurnEvent.Usage? Usage { get; private set; }

    public IReadOnlyList<ChatToolLine> Tools => _tools;

    public IReadOnlyList<ChatProposal> Proposals => _proposals;

    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>Writes that were refused because the operator had asked a question: a yes may have them done.</summary>
    public IReadOnlyList<Wanted> Refused => [.. _tools.Where(t => t.Verdict == Question).Select(t => new Wanted(t.Name, JsonNode.Parse(t.Args.GetRawText())!.AsObject())).DistinctBy(w => (w.Tool, w.Arguments.ToJsonString()))];

    public ChatDetails Details(bool stopped) => new(_model, _reasons, Usage, _unproven, _proposals, Error, stopped);

    public TurnEvent Noted(TurnEvent happened)
    {
        switch (happened)
        {
            case TurnEvent.Routed routed:
                (Provider, _model) = (routed.Provider, routed.Model);
                _reasons.AddRange(routed.Reasons);
                break;
            case TurnEvent.Token(var piece): _text.Append(piece); break;
            case TurnEvent.ToolStarted started:
                // What was said before a call and what is said after it are paragraphs of their own.
                if (_text.Length > 0 && _text[^1] != '\n') _text.Append("\n\n");
                _tools.Add(new(started.CallId, started.Tool, started.Args, started.Tier, null, null, false, null, null, null, null));
                break;
            case TurnEvent.ToolFinished done:
                Change(done.CallId, t => t with { Status = done.Status, Verdict = done.Verdict, IsError = done.IsError, Summary = done.Summary, AuditId = done.AuditId, Milliseconds = done.Milliseconds });
                break;
            case TurnEvent.ApprovalNeeded needed: Change(needed.CallId, t => t with { ApprovalId = needed.ApprovalId }); break;
            case TurnEvent.Proposed proposed: _proposals.Add(new(proposed.Tool, proposed.Args)); break;
            case TurnEvent.Unproven(var sentence): _unproven = sentence; break;
            case TurnEvent.Usage usage:
                Usage = usage.LeftMicros is not null || Usage is null ? usage : new(Usage.InputTokens + usage.InputTokens, Usage.OutputTokens + usage.OutputTokens, Usage.CostMicros + usage.CostMicros, null);
                break;
            case TurnEvent.Failed failed:
                Error = failed.Code;
                _text.Append(_text.Length > 0 ? "\n\n" : "").Append(failed.Message);
                break;
        }

        return happened;
    }

    /// <summary>What is told of progress from here on is of this call.</summary>
    public void Writes(string callId) => _writing = callId;

    public void Progress(string text, double? share)
    {
        if (_writing.Length == 0 || run is null || _told != 0 && time.GetElapsedTime(_told) < Pace) return;
        _told = time.GetTimestamp();
        run.Tell(new TurnEvent.ToolProgress(_writing, PlainText.Shown(text, 200), share));
    }

    private void Change(string callId, Func<ChatToolLine, ChatToolLine> change)
    {
        var at = _tools.FindIndex(t => t.CallId == callId);
        if (at >= 0) _tools[at] = change(_tools[at]);
    }
}
