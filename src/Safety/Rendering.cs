using System.Text.Json;

namespace Jarvis.Safety;

/// <summary>Makes the text a person consents to, from what is stored and never from a model's words.</summary>
internal sealed class Rendering(OutputPolicy output)
{
    private const int Longest = 2000;

    public ShownPlan Of(Prepared call, Caller caller, Turn turn) => new()
    {
        Tool = call.Tool.Name,
        Arguments = Text(output.Arguments(call.Canonical), 20_000),
        Tier = call.Tier,
        RaisedBecause = Text(call.RaisedBecause),
        Summary = Text(call.Plan?.Summary ?? $"{call.Tool.Name}: {call.Tool.Description}")!,
        Changes = [.. (call.Plan?.Changes ?? []).Select(c => new Change(Text(c.What)!, Text(c.Before), Text(c.After)))],
        Targets = [.. call.Touched.Select(t => new ShownTarget(ProtectedTargets.Label(t.State), t.Effect, [.. t.State.Holds.Select(ProtectedTargets.Label)]))],
        Warnings = [.. call.Consequences.Select(c => Text(c.Text)!), .. (call.Plan?.Warnings ?? []).Select(w => Text(w)!)],
        Duration = Text(call.Plan?.Duration),
        Undo = Text(call.Plan?.Undo),
        AskedAfterReading = caller is Caller.Operator ? [] : turn.Taints,
        ModelSays = Text(turn.Reason),
    };

    /// <summary>Names the plan that a person has read.</summary>
    public static string Digest(ShownPlan plan) => Prepared.Hash(JsonSerializer.Serialize(plan, SafetyJson.Default.ShownPlan))[..32];

    private string? Text(string? text) => text is null ? null : Text(text, Longest);

    private string Text(string text, int most) => PlainText.Shown(output.Redact(text), most);
}
