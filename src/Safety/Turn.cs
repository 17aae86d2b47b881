using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Jarvis.Safety;

/// <summary>What led to a call: the channel, the conversation, what was read on the way. Taint is only ever added.</summary>
public sealed class Turn(string channel, string conversation)
{
    private ImmutableList<string> _taints = [];
    private ImmutableHashSet<(string Tool, Target? Target)> _asked = [];

    public string Channel => channel;

    public string Conversation => conversation;

    /// <summary>Repeating a call under the same key joins the first one.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>From the dry run that the person read: what is called must be that still. Null asks for no such thing.</summary>
    public string? Seen { get; init; }

    /// <summary>Why the model wants it, in its own words.</summary>
    public string? Reason { get; init; }

    /// <summary>Whoever called follows the run, and is answered as soon as it has begun.</summary>
    public bool AnswerAtOnce { get; init; }

    /// <summary>Told how far a run of this turn is; must not block or throw.</summary>
    public Action<string, double?>? Progress { get; init; }

    /// <summary>The operator asked something and wanted nothing done: the model's writes are refused.</summary>
    public bool IsQuestion { get; init; }

    /// <summary>Sources of the text from outside that was read.</summary>
    public IReadOnlyList<string> Taints => _taints;

    public bool Tainted => _taints.Count > 0;

    /// <summary>Around text from outside stands what that text cannot know.</summary>
    public string Marker { get; } = RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>Text from outside was read.</summary>
    public void Mark(string source) =>
        ImmutableInterlocked.Update(ref _taints, (taints, one) => taints.Contains(one) ? taints : taints.Add(one), PlainText.Shown(source, 200));

    /// <summary>The operator asked for this tool on this target in this message; code resolved it, not the model.</summary>
    public void Ask(string tool, Target? target) =>
        ImmutableInterlocked.Update(ref _asked, (asked, one) => asked.Add(one), (tool, target));

    /// <summary>Text from outside as a model is given it; marks the turn.</summary>
    public string Wrap(string source, string text)
    {
        Mark(source);
        var inside = PlainText.Stripped(text).Replace(Marker, "(marker)", StringComparison.OrdinalIgnoreCase);
        return $"<outside {Marker} source=\"{PlainText.Shown(source, 200).Replace('"', '\'')}\">\n{inside}\n</outside {Marker}>";
    }

    internal bool Asked(string tool, IReadOnlyList<Touched> touched) =>
        touched.Count == 0 ? _asked.Contains((tool, null)) : touched.All(t => _asked.Contains((tool, t.State.Target)));
}
