namespace Jarvis.Server.Agent.Understanding;

/// <summary>Whether somebody wants something done. Unsure is what could be either: nothing is done, and it may be proposed.</summary>
internal enum Wish { Question, Request, Unsure }

/// <summary>Tells questions from requests by their form alone; what a model makes of a message never counts as the operator's wish.</summary>
internal static class Wishes
{
    // Before one of these nobody has asked for anything yet.
    private static readonly string[] Asking =
    [
        "what if", "what happens", "what would happen", "what will happen", "how do i", "how can i", "how do you", "how would i", "how should i", "how to", "should i", "should we", "is it safe", "is it okay to",
        "is it fine to", "is it possible", "is it a good idea", "is it worth", "would it be safe", "would it be okay", "would it help", "do i need", "do we need", "do i have to", "would you recommend", "do you recommend", "do you think", "what about if",
        "can i", "could i", "may i", "shall i", "can we", "could we", "shall we", "am i allowed", "are you able", "do you know", "i wonder", "suppose", "imagine", "hypothetically", "tell me if", "tell me whether", "tell me how", "tell me what",
        "tell me why", "show me how", "show me what", "explain", "let me know if", "let me know whether", "let me know when", "remind me", "is there a way", "what does it take", "what do i", "what are the risks", "how long would", "how long does it take", "how risky", "how safe", "did you", "have you", "were you", "are you going to", "are you about to",
        "teach me", "describe",
    ];

    private static readonly string[] NotNow = ["do not", "never", "without", "instead of", "not to", "no need to", "let us not", "refrain from", "avoid", "hold off", "would rather not", "forget about"];

    private static readonly string[] Permission = ["may i ask you to", "can i ask you to", "could i ask you to", "might i ask you to", "can i get you to", "could i get you to", "can i have you", "could i have you", "may i have", "could i trouble you to", "can i trouble you to", "can i bother you to", "could i bother you to"];

    // What stands before a request, however politely; longer ones first, so that none hides another.
    private static readonly string[] Courtesies =
    [
        "would it be possible for you to", "would it be possible to", "would you be so kind as to", "would you be so good as to", "would you be kind enough to", "could you be so kind as to", "be so kind as to", "be so good as to", "i would be grateful if you could", "i would be grateful if you would", "i would appreciate it if you could",
        "i would appreciate it if you would", "i would appreciate it if you", "i would appreciate you", "i would really appreciate it if you could", "it would be great if you could", "it would be nice if you could", "it would be lovely if you could", "it would be good if you could", "it would help if you could", "i would love it if you could", "i would love you to", "i would love for you to",
        "would you be able to", "any chance you could", "any chance you can", "is there any chance you could", "do you think you could", "do you think you can", "do you mind", "would you mind", "could you possibly", "might you", "if you could", "if you would", "if you can", "when you have a moment", "when you get a chance", "when you can", "when you are ready", "if it is not too much trouble",
        "if you do not mind", "can you go ahead and", "could you go ahead and", "can you help me", "could you help me", "can you", "could you", "would you", "will you", "i would like you to", "i would like to have", "i would like to", "i would like", "i want you to", "i want to", "i want", "i need you to", "i need to have", "i need to", "i need", "we need to", "we need you to", "we want to", "we should",
        "go ahead and", "go on and", "do me a favour and", "do me a favour", "be a dear and", "be kind and", "you can", "you may", "you should", "you could", "feel free to", "make sure to", "make sure that you", "make sure you", "try to", "try and", "let us", "have", "it is time to", "time to", "proceed to", "proceed and", "help me to", "help me", "mind", "get", "your task is to", "please",
        "possibly", "for me", "the", "immediately", "quickly", "perhaps", "maybe",
    ];

    private static readonly string[] Doubting = ["maybe", "perhaps", "i think", "i guess", "we should", "you should", "you could", "would not it be", "probably"];

    public static Wish Of(Said said)
    {
        var words = said.Words;
        if (words.Count == 0 || said.TooLong) return Wish.Unsure;
        if (Vocabulary.DeedIn(words) is null) return Wish.Question;
        if (said.HasPhrase(NotNow) && !said.Begins("if you do not mind")) return Wish.Question;
        if (said.Begins(Permission)) return Stripped(words) is var asked && Vocabulary.IsDeed(asked, 0) ? Wish.Request : Wish.Unsure;
        if (IsAsking(said)) return Wish.Question;
        var doubt = said.Begins(Doubting) || said.HasPhrase("or would that", "or will that", "or should i", "or is that", "or would it");
        var bare = Stripped(words);
        if (bare.Count == 0) return Wish.Unsure;
        // If and when put it off to a time that nobody here waits for.
        if (bare[0] is "if" or "when" or "once" or "unless" or "after" or "as" or "whenever" or "until" or "in" or "at" or "tomorrow" or "tonight" or "later" or "every") return Wish.Unsure;
        if (bare.Skip(1).Any(w => w is "if" or "when" or "once" or "after" or "unless" or "until" or "whenever")) return Wish.Unsure;
        if (said.HasPhrase("tomorrow", "later", "tonight at", "every night", "every day", "every hour", "next week", "as soon as", "in an hour", "in 5 minutes", "in 10 minutes", "once it", "once the", "when it is done", "when it finishes", "if it is", "if needed", "if necessary", "unless")) return Wish.Unsure;
        if (Vocabulary.IsDeed(bare, 0))
        {
            var courteous = bare.Count < words.Count || said.Polite;
            return doubt || said.Asks && !courteous || IsPast(bare[0]) ? Wish.Unsure : Wish.Request;
        }

        // "I want jellyfin restarted", "have jellyfin restarted", "jellyfin restart please", "get jellyfin running".
        if (doubt || said.Asks && !said.Polite) return Wish.Unsure;
        if (said.Begins("i would like", "i want", "i need", "have", "get", "can you get", "could you get", "can you have", "could you have", "please", "would you have", "would you get") && !said.HasPhrase("i want to know", "i need to know", "i would like to know")) return Wish.Request;
        if (said.Polite && Vocabulary.DeedIn(words) is { } last && last.At >= words.Count - 2 && words.Count <= 5 && !IsPast(words[last.At])) return Wish.Request;
        return Wish.Unsure;
    }

    private static bool IsAsking(Said said)
    {
        var words = said.Words;
        if (said.Begins(Asking) && !said.Begins("do you think you could", "do you think you can")) return true;
        if (said.HasPhrase("what if", "what would happen", "what happens", "know if", "know whether", "know how", "wondering if", "wondering whether", "wonder if", "hypothetically", "to know")) return true;
        if (words[0] is "what" or "why" or "who" or "when" or "where" or "which" or "how" or "whose") return !said.Begins("how about", "why do you not", "why not", "when you have a moment", "when you get a chance", "when you can", "when you are ready");
        if (words[0] is "is" or "are" or "was" or "were" or "does" or "did" or "has" or "had" or "am" or "do" or "must" or "might" or "should" or "shall" or "may") return !said.Begins("do you mind", "do me", "do a", "do the", "do an", "might you", "is there any chance you could", "do you think you could", "do you think you can");
        if (words[0] is "have") return words.Count > 1 && words[1] is "you" or "we" or "i" or "they" or "there" or "any" or "all";
        // The subject tells: can you do it, against can it be done.
        if (words[0] is "can" or "could" or "would" or "will") return words.Count < 2 || words[1] is not ("you" or "not") && !said.Begins("would it be possible") || words[1] is "not" && !(words.Count > 2 && words[2] is "you") || IsVerbOfKnowing(words);
        return words[0] is "show" or "list" or "tell" or "give" && words.Count > 1 && words[1] is "me" or "us" && words[0] is not "give" || words[0] is "show" or "list" or "count" or "check" or "find" or "look";
    }

    private static bool IsVerbOfKnowing(IReadOnlyList<string> words) =>
        words.Skip(2).Take(2).Any(w => w is "tell" or "show" or "explain" or "see" or "check" or "list" or "find" or "say" or "describe" or "confirm" or "know" or "recommend" or "suggest" or "think" or "advise") || words.Count > 3 && words[2] is "let" && words[3] is "me";

    private static List<string> Stripped(IReadOnlyList<string> words)
    {
        var left = words.ToList();
        for (var again = true; again;)
        {
            again = false;
            foreach (var courtesy in (string[])[.. Permission, .. Courtesies])
            {
                var parts = courtesy.Split(' ');
                if (left.Count <= parts.Length || !left.Take(parts.Length).SequenceEqual(parts, StringComparer.Ordinal)) continue;
                if (courtesy is "get" or "have" or "let us" && Vocabulary.IsDeed(left, 0)) continue;
                left.RemoveRange(0, parts.Length);
                again = true;
                break;
            }
        }

        return left;
    }

    // "Restarted jellyfin" tells what was done; the words of "take" and "shut" do not change, or are told apart by nothing.
    private static bool IsPast(string word) => word.EndsWith("ed", StringComparison.Ordinal) && word is not ("need" or "feed" or "speed");
}
