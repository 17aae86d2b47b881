using System.Collections.Frozen;
using Jarvis.Server.Agent.Understanding;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Agent;

/// <summary>One who may be asked, as the router knows them.</summary>
internal sealed record Routable(string Name, bool CallsTools, bool IsFree);

/// <summary>Whom to ask first, the others after it, and why in words for people.</summary>
internal sealed record Route(IReadOnlyList<string> Preference, IReadOnlyList<string> Reasons, bool Cluster);

/// <summary>Tells what is about the cluster from what is talk, by words, by the names of what there is and by what was done before, and so who
/// is asked first: whoever calls tools for the one, what costs nothing for the other.</summary>
internal static class Router
{
    private const int Enough = 2;
    private const int MostNouns = 3;
    private const int Short = 6;

    private static readonly FrozenSet<string> Nouns = FrozenSet.ToFrozenSet(
        ("vm vms container containers guest guests node nodes cluster storage storages backup backups snapshot snapshots task tasks quorum ceph zfs ha replication memory ram cpu disk disks pool pools journal log logs "
        + "update updates certificate certificates service services uptime load swap network traffic ip mac maintenance lxc lxcs osd osds onboot lab homelab server servers space corosync temperature proxmox hypervisor rack host hosts "
        + "machine machines clock clocks job jobs alert alerts event events incident incidents tag gb gigabytes health crash crashed problem problems status overview vlan bridge").Split(' '), StringComparer.Ordinal);

    private static readonly FrozenSet<string> Now = FrozenSet.ToFrozenSet("my our mine here now currently today tonight yesterday week hour hours last since still over".Split(' '), StringComparer.Ordinal);

    private static readonly FrozenSet<string> Asking = FrozenSet.ToFrozenSet("is are did do which any show list check who when where why many much full".Split(' '), StringComparer.Ordinal);

    private static readonly string[] General =
    [
        "what is a", "what is an", "what is the difference", "what is the history", "what is the meaning", "what is the best", "what is the capital", "what is a good", "what are the pros", "what are typical", "what does it mean", "difference between", "explain", "in general", "in theory", "under the hood",
        "differ from", "different from", "stand for", "stands for", "mean by", "do people", "people use", "who invented", "who develops", "who was", "who won", "write me", "write a", "compose", "draft", "translate", "convert", "recipe", "recommend", "suggest", "think of", "tell me a joke", "tell me a story", "tell me something", "story about",
        "poem", "haiku", "joke", "song", "sing", "worth the money", "should i buy", "for beginners", "to a beginner", "pros and cons", "legal to", "define", "pronounce", "free software", "overkill", "good for", "naming scheme", "names for", "usually", "first released", "typical", "best way", "best for", "trend in", "what makes", "what was the first", "meaning of",
        "how does", "how do i exit", "how do you", "electricity cost", "a million", "so loud", "how loud", "blog post", "birthday card", "server room",
    ];

    private static readonly string[] Chat = ["thanks", "thank you", "thank", "good night", "good morning", "hello", "joke", "poem", "you are funny", "capital of", "funny", "talk about something else", "bored", "sandwich", "cook", "story"];

    public static Route Of(string message, IReadOnlyList<ClusterView> clusters, bool toolsBefore, string? chosen, IReadOnlyList<Routable> available)
    {
        var (score, reasons) = Weigh(message, clusters, toolsBefore);
        var cluster = score >= Enough;
        // What is about the cluster never goes first to one who could only talk of it.
        var order = cluster
            ? available.Where(a => a.CallsTools)
            : available.OrderByDescending(a => a.IsFree);
        if (chosen is not null) return new([chosen, .. order.Select(a => a.Name).Where(n => n != chosen)], ["You chose it."], cluster);
        var why = cluster ? $"It is about the cluster: {string.Join(", ", reasons)}." : "It is conversation: nothing in it names the cluster or what happens there.";
        return new([.. order.Select(a => a.Name)], [why], cluster);
    }

    private static (int Score, List<string> Reasons) Weigh(string message, IReadOnlyList<ClusterView> clusters, bool toolsBefore)
    {
        var said = Said.Of(message);
        var named = Mentions.In(said, clusters);
        var words = said.Without(named).Words;
        var (score, reasons) = (0, new List<string>());
        Add(named.Count > 0 ? 3 : 0, $"it names {string.Join(" and ", named.Select(NameOf).Distinct())}");
        if (named.Count == 0 && Enumerable.Range(0, said.Words.Count).Any(i => !Nouns.Contains(said.Words[i]) && Mentions.Like(said, i, clusters) is not null)) Add(2, "a word is like a name there");
        var nouns = words.Where(Nouns.Contains).Distinct().ToList();
        Add(Math.Min(nouns.Count, MostNouns) + (nouns.Count > 0 && said.Words.Count <= 2 ? 1 : 0), $"it speaks of {string.Join(", ", nouns)}");
        Add(Vocabulary.DeedIn(words) is not null && nouns.Count + named.Count > 0 ? 1 : 0, "it asks for something to be done");
        Add(nouns.Count > 0 && words.Any(Asking.Contains) ? 1 : 0, "it asks how something is");
        Add(words.Any(Now.Contains) && nouns.Count > 0 ? 1 : 0, "it means what is here and now");
        Add(said.HasPhrase("everything all right", "all right", "all good", "everything okay", "what happened", "what changed", "anything wrong", "free space", "what did i change") ? 2 : 0, "it asks how things are");
        if (toolsBefore && words.Count <= Short && !said.HasPhrase(Chat)) Add(2, "it goes on with what was looked at before");
        // General knowledge names things too; only a name of something that is here outweighs that.
        if (said.HasPhrase(General) || said.HasPhrase(Chat)) score -= 4;
        return (score, reasons);

        void Add(int weight, string reason)
        {
            if (weight <= 0) return;
            score += weight;
            reasons.Add(reason);
        }
    }

    private static string NameOf(Mention of) => of.Guest?.Name ?? of.Node?.Name ?? of.Storage?.Name ?? of.Tag ?? of.Pool ?? "";
}
