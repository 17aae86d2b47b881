using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Jarvis.Server.Agent.Understanding;

/// <summary>What somebody said, in words: small letters, contractions written out, politeness and the name of the one spoken to taken away.</summary>
internal sealed partial class Said
{
    private const int Longest = 60;
    private const string Name = "·";

    private static readonly FrozenDictionary<string, string> Whole = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["what's"] = "what is", ["whats"] = "what is", ["who's"] = "who is", ["where's"] = "where is", ["wheres"] = "where is", ["how's"] = "how is", ["hows"] = "how is",
        ["when's"] = "when is", ["why's"] = "why is", ["which's"] = "which is", ["there's"] = "there is", ["here's"] = "here is", ["it's"] = "it is", ["that's"] = "that is",
        ["isn't"] = "is not", ["isnt"] = "is not", ["aren't"] = "are not", ["wasn't"] = "was not", ["doesn't"] = "does not", ["doesnt"] = "does not", ["don't"] = "do not",
        ["dont"] = "do not", ["didn't"] = "did not", ["can't"] = "can not", ["cant"] = "can not", ["cannot"] = "can not", ["couldn't"] = "could not", ["won't"] = "will not",
        ["wouldn't"] = "would not", ["shouldn't"] = "should not", ["hasn't"] = "has not", ["haven't"] = "have not", ["i'd"] = "i would", ["i'm"] = "i am", ["i've"] = "i have",
        ["i'll"] = "i will", ["we're"] = "we are", ["we've"] = "we have", ["you're"] = "you are", ["you'd"] = "you would", ["you've"] = "you have", ["let's"] = "let us", ["lets"] = "let us",
        ["gimme"] = "give me", ["wanna"] = "want to", ["gonna"] = "going to", ["pls"] = "please", ["plz"] = "please", ["thx"] = "thanks", ["u"] = "you", ["ya"] = "you",
        ["shutdown"] = "shut down", ["reboot"] = "restart", ["rebooting"] = "restarting", ["rebooted"] = "restarted", ["reboots"] = "restarts", ["vm's"] = "vm", ["vms"] = "vms",
        ["poweroff"] = "power off", ["poweron"] = "power on", ["rollback"] = "roll back", ["startup"] = "start up", ["and/or"] = "or", ["favor"] = "favour", ["ok"] = "okay",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Openers = FrozenSet.ToFrozenSet(
        ["hey", "hi", "hello", "jarvis", "okay", "oh", "um", "uh", "so", "well", "right", "alright", "sir", "yo", "dear", "thanks", "and", "but", "then", "now", "just", "also", "actually", "quickly", "good", "morning", "evening"],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> Closers = FrozenSet.ToFrozenSet(
        ["thanks", "thank", "you", "jarvis", "sir", "mate", "cheers", "now", "right", "away", "immediately", "asap", "quickly", "again", "too", "then", "for", "me"], StringComparer.Ordinal);

    private Said(string text, IReadOnlyList<string> words, bool asks, bool polite, bool followsOn) => (Text, Words, Asks, Polite, FollowsOn) = (text, words, asks, polite, followsOn);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public IReadOnlyList<string> Words { get; }

    /// <summary>It ends with a question mark.</summary>
    public bool Asks { get; }

    /// <summary>Somebody said please.</summary>
    public bool Polite { get; }

    /// <summary>It begins as what goes on with something: and, also, what about.</summary>
    public bool FollowsOn { get; }

    /// <summary>It is longer than what one asks in a sentence, and is not read to its end.</summary>
    public bool TooLong => Words.Count > Longest;

    public static Said Of(string text)
    {
        var plain = text.Normalize(System.Text.NormalizationForm.FormKC).ToLowerInvariant().Replace('’', '\'').Replace('‘', '\'').Trim();
        var words = new List<string>();
        foreach (var match in Token().EnumerateMatches(plain.AsSpan(0, Math.Min(plain.Length, 2_000))))
        {
            var word = plain.Substring(match.Index, match.Length);
            if (Whole.TryGetValue(word, out var written)) words.AddRange(written.Split(' '));
            else words.Add(word.EndsWith("'s", StringComparison.Ordinal) ? word[..^2] : word.Trim('\''));
        }

        words.RemoveAll(w => w.Length == 0);
        var polite = words.Remove("please");
        while (words.Remove("please")) polite = true;
        polite |= words.Remove("kindly");
        var followsOn = words.Count > 0 && words[0] is "and" or "also" or "but" || words is ["what", "about", ..] or ["how", "about", ..];
        var first = 0;
        while (first < words.Count - 1 && Openers.Contains(words[first])) first++;
        words.RemoveRange(0, first);
        if (words is ["what" or "how", "about", _, ..]) words.RemoveRange(0, 2);
        // "for me" and "thank you" at the end; what is left must still say something.
        while (words.Count > 2 && Closers.Contains(words[^1]) && !(words[^1] is "you" or "me" && words[^2] is not ("thank" or "for"))) words.RemoveAt(words.Count - 1);
        return new(text, words, plain.TrimEnd('"', '\'', ')', ' ', '!').EndsWith('?'), polite, followsOn);
    }

    /// <summary>The same, with another word wherever a name stands: names are not to be taken for what they say.</summary>
    public Said Without(IReadOnlyList<Mention> names)
    {
        var words = Words.ToArray();
        foreach (var name in names)
        {
            for (var i = name.At; i < name.At + name.Length && i < words.Length; i++) words[i] = i == name.At ? Name : "";
        }

        return new(Text, words, Asks, Polite, FollowsOn);
    }

    /// <summary>One of these stands anywhere in it.</summary>
    public bool Has(params ReadOnlySpan<string> any)
    {
        foreach (var word in Words)
        {
            foreach (var one in any)
            {
                if (word == one) return true;
            }
        }

        return false;
    }

    /// <summary>These words stand in it, one after another; returns where, or -1.</summary>
    public int Find(string phrase)
    {
        var parts = phrase.Split(' ');
        for (var i = 0; i + parts.Length <= Words.Count; i++)
        {
            var same = true;
            for (var j = 0; same && j < parts.Length; j++) same = Words[i + j] == parts[j];
            if (same) return i;
        }

        return -1;
    }

    public bool HasPhrase(params ReadOnlySpan<string> phrases)
    {
        foreach (var phrase in phrases)
        {
            if (Find(phrase) >= 0) return true;
        }

        return false;
    }

    public bool Begins(params ReadOnlySpan<string> phrases)
    {
        foreach (var phrase in phrases)
        {
            if (Find(phrase) == 0) return true;
        }

        return false;
    }

    // Names hold dots, dashes, slashes and colons, as pve1.lan, local-zfs and a UPID.
    [GeneratedRegex(@"[\p{L}\p{N}_][\p{L}\p{N}_']*(?:[.\-/:@+][\p{L}\p{N}_']+)*:?|%")]
    private static partial Regex Token();
}
