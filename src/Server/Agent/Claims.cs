using System.Text.RegularExpressions;

namespace Jarvis.Server.Agent;

/// <summary>Finds where an answer says that something was done. Words prove nothing: what has no receipt is marked.</summary>
internal static partial class Claims
{
    /// <summary>The first sentence that claims an action, null when there is none.</summary>
    public static string? In(string answer)
    {
        foreach (var sentence in Sentences().Split(Fenced().Replace(answer, " ")))
        {
            var plain = sentence.Trim();
            if (plain.Length == 0 || plain.EndsWith('?') || Negated().IsMatch(plain) || Conditional().IsMatch(plain)) continue;
            if (First().IsMatch(plain) || Passive().IsMatch(plain)) return plain.Length > 200 ? plain[..200] : plain;
        }

        return null;
    }

    private const string Done =
        "started|stopped|restarted|rebooted|shut down|shutdown|resumed|suspended|paused|migrated|moved|cloned|copied|created|deleted|removed|destroyed|snapshotted|taken a snapshot|rolled back|restored|backed up|resized|enlarged|changed|updated|set|enabled|disabled|unlocked|evacuated|emptied|executed|run|applied|cancelled|acknowledged|silenced";

    // "I have restarted", "I've now stopped", "I just moved", "successfully restarted".
    [GeneratedRegex($@"\b(?:I|we)(?:'ve|’ve| have| had)?(?: now| just| already| successfully| also)*\s+(?:{Done}|took a snapshot)\b|\bsuccessfully (?:{Done})\b|^(?:Done|All done|Finished|Completed)\b", RegexOptions.IgnoreCase)]
    private static partial Regex First();

    // "plex has been restarted", "the VM was stopped by me", "web is now stopped".
    [GeneratedRegex($@"\b(?:has|have) (?:now |just |been |successfully )*been (?:successfully )?(?:{Done})\b|\b(?:is|are) now (?:{Done}|running|up|stopped|down)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Passive();

    [GeneratedRegex(@"\b(?:not|never|nothing|cannot|can't|can’t|couldn't|couldn’t|haven't|haven’t|hasn't|hasn’t|wasn't|wasn’t|didn't|didn’t|won't|won’t|unable|failed to|refused|denied|waits|awaiting|until|would|could|should|may|might|yet|no longer)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Negated();

    [GeneratedRegex(@"^(?:if|once|when|after|before|unless|as soon as)\b|\b(?:ago|yesterday|last (?:night|week|time)|since|at \d{1,2}:\d\d)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"(?<=[.!?])\s+|\n+")]
    private static partial Regex Sentences();

    [GeneratedRegex(@"```.*?(?:```|$)", RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
