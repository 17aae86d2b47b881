using System.Text.Json.Nodes;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Agent.Understanding;

/// <summary>What a message means, told from its words, what there is and what was spoken of before. The same words about the same
/// things always mean the same.</summary>
internal static class Meaning
{
    public static Understood Of(string message, Context context, IReadOnlyList<ClusterView> clusters, DateTimeOffset now)
    {
        var whole = Said.Of(message);
        if (Talk(whole, context) is { } talk) return talk;
        var named = Mentions.In(whole, clusters);
        var mentions = named.Count > 0 ? named : Meant(whole, context) ?? Guessed(whole, clusters);
        // A word that stands for something spoken of before is left to be read; a name is not.
        var said = whole.Without([.. mentions.Where(m => m.Length > 0)]);
        var wish = Wishes.Of(said);
        var sure = mentions.All(m => m.Exact);
        if (Vocabulary.DeedIn(said.Words) is { } found && (wish is not Wish.Question || Supposes(said)))
        {
            switch (new Deeds(said, mentions, clusters, now).Of(found.Deed, sure && wish is Wish.Request))
            {
                case Understood.Calls { Deed: not null } calls when wish is Wish.Question:
                    return new Understood.Would(calls);
                case { } done when wish is not Wish.Question:
                    return done;
            }
        }

        var topics = new Topics(said, mentions, clusters, now);
        if (whole.FollowsOn && context.Topic is { } topic && !said.Words.Any(IsContent) && topics.Follow(topic) is { } followed) return followed;
        return topics.Of() is { } calls2 ? calls2 : new Understood.Nothing();
    }

    /// <summary>Whether a message wants something done, for what only a model may understand.</summary>
    public static Wish WishOf(string message, IReadOnlyList<ClusterView> clusters)
    {
        var said = Said.Of(message);
        return Wishes.Of(said.Without([.. Mentions.In(said, clusters)]));
    }

    /// <summary>Whether every word of a message is a name or one that means something here: nothing of it was passed over.</summary>
    public static bool Covers(string message, IReadOnlyList<ClusterView> clusters)
    {
        var said = Said.Of(message);
        return said.Without([.. Mentions.In(said, clusters)]).Words.All(w => !IsContent(w) || Vocabulary.Covers(w) || w.All(c => !char.IsLetter(c)));
    }

    private static Understood? Talk(Said said, Context context)
    {
        if (said.Words.Count == 0) return new Understood.Greeting();
        if (said.Words is ["help", ..] and { Count: <= 2 } || said.HasPhrase("what can you do", "what can i ask", "what do you do", "who are you", "what are you", "how do you work", "what can i say", "what do you know", "how can you help", "your capabilities", "what else can you do")) return new Understood.Help();
        if (said.Words.Count <= 3 && said.Words[0] is "hello" or "hi" or "hey" or "thanks" or "thank" or "jarvis" or "evening" or "morning" or "cheers" && said.Words.Skip(1).All(w => w is "there" or "you" or "jarvis" or "sir" or "morning" or "evening" or "again")) return new Understood.Greeting();
        if (context.Proposal is { } proposal)
        {
            if (said.Words.Count <= 4 && (said.Words[0] is "yes" or "yep" or "yeah" or "sure" or "confirm" or "confirmed" or "okay" or "proceed" or "absolutely" or "correct" or "affirmative" || said.Begins("do it", "do that", "go ahead", "make it so", "do so", "go for it", "please do")) && !said.Has("no", "not", "but")) return proposal with { Exact = true };
            if (said.Words is ["no", ..] and { Count: <= 3 } || said.Begins("cancel", "never mind", "nevermind", "forget it", "do not")) return new Understood.Missing("All right, nothing is done.");
        }

        if (said.Words.Count <= 5 && (said.Words[0] is "undo" || said.HasPhrase("take that back", "revert that", "undo that", "undo it", "reverse that", "put it back"))) return Undone(context);
        return null;
    }

    /// <summary>What takes back what was done last.</summary>
    private static Understood Undone(Context context)
    {
        if (context.Done is not { } done) return new Understood.Missing("There is nothing to take back: I have done nothing in this conversation yet.");
        var kind = done.Tool.EndsWith("_vm", StringComparison.Ordinal) ? "vm" : "container";
        JsonObject? only = done.Arguments["guest"] is { } guest ? new() { ["guest"] = guest.DeepClone() } : null;
        if (only is not null && done.Arguments["cluster"] is { } cluster) only["cluster"] = cluster.DeepClone();
        (Wanted Back, Deed Deed)? back = (done.Tool, only) switch
        {
            (_, null) => null,
            ("start_vm" or "start_container", _) => (new($"shutdown_{kind}", only), Deed.Shutdown),
            ("shutdown_vm" or "shutdown_container" or "stop_vm" or "stop_container", _) => (new($"start_{kind}", only), Deed.Start),
            ("suspend_vm", _) => (new("resume_vm", only), Deed.Resume),
            ("resume_vm", _) => (new("suspend_vm", only), Deed.Suspend),
            ("create_snapshot", _) => (new("delete_snapshot", With(only, "name", done.Arguments["name"])), Deed.DeleteSnapshot),
            _ => null,
        };
        return back is { } one ? new Understood.Calls([one.Back], Topic.Deed, true) { About = context.About, Deed = one.Deed }
            : new Understood.Missing($"I can't take {done.Tool} back by itself; tell me what you want instead.");

        static JsonObject With(JsonObject to, string name, JsonNode? value)
        {
            to[name] = value?.DeepClone();
            return to;
        }
    }

    /// <summary>What "it", "that one" and "there" stand for.</summary>
    private static IReadOnlyList<Mention>? Meant(Said said, Context context)
    {
        if (said.HasPhrase("the other one", "the other", "that other one") && context.Earlier is { } earlier) return [earlier with { At = 0, Length = 0 }];
        return context.About is { } about && said.Has("it", "its", "that", "this", "them", "their", "there", "him", "her", "one") ? [about with { At = 0, Length = 0 }] : context.About is { } last && said.FollowsOn && said.Words.Count <= 4 ? [last with { At = 0, Length = 0 }] : null;
    }

    private static List<Mention> Guessed(Said said, IReadOnlyList<ClusterView> clusters)
    {
        var like = Enumerable.Range(0, said.Words.Count).Select(i => Mentions.Like(said, i, clusters)).OfType<Mention>().Take(2).ToList();
        return like;
    }

    // "What if I rebooted pve2?" supposes a deed; "when was it restarted?" asks about one that is done.
    private static bool Supposes(Said said) =>
        said.HasPhrase("what if", "what happens if", "what would happen", "what will happen", "what happens when", "should i", "should we", "can i", "can we", "could i", "could we", "may i", "shall i", "shall we", "is it safe to", "is it okay to", "is it fine to", "safe to", "how do i", "how can i", "how to", "how would i", "do i need to", "would it be okay", "would it be safe", "is it possible to");

    private static bool IsContent(string word) => word.Length > 0 && word != "·" && !Vocabulary.Common(word);
}
