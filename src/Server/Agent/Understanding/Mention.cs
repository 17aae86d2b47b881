using Jarvis.Server.Cluster;

namespace Jarvis.Server.Agent.Understanding;

/// <summary>Something of a cluster that a message names; a name may be a guest's and a storage's at once. <c>Exact</c> is false where it
/// was spelled otherwise, and only the likeness tells.</summary>
internal sealed record Mention(int At, int Length, bool Exact, string Cluster, GuestView? Guest = null, NodeView? Node = null, StorageView? Storage = null, string? Tag = null, string? Pool = null);

/// <summary>Finds what a message names among what there is.</summary>
internal static class Mentions
{
    private const int LongestName = 4;
    private const int LeastLikeness = 50;
    private const int LeastLetters = 4;

    /// <summary>The names in it, in their order; no word counts twice.</summary>
    public static IReadOnlyList<Mention> In(Said said, IReadOnlyList<ClusterView> clusters)
    {
        var found = new List<Mention>();
        var words = said.Words;
        for (var at = 0; at < words.Count;)
        {
            var here = Longest(words, at, clusters);
            if (here is not null) found.Add(here);
            at += here?.Length ?? 1;
        }

        return found;
    }

    /// <summary>What a word that is no name may stand for: the likest, if nothing else is as like.</summary>
    public static Mention? Like(Said said, int at, IReadOnlyList<ClusterView> clusters)
    {
        var word = said.Words[at];
        if (word.Length < LeastLetters || Vocabulary.Knows(word)) return null;
        var best = (from c in clusters
                    from m in All(c, at, 1)
                    where (m.Tag ?? m.Pool) is null
                    let score = Fuzzy.Score(word, NameOf(m))
                    where score >= LeastLikeness
                    orderby score descending
                    select (Mention: m with { Exact = false }, Score: score)).Take(2).ToList();
        return best is [var only] ? only.Mention : best is [var first, var second] && first.Score > second.Score ? first.Mention : null;
    }

    private static Mention? Longest(IReadOnlyList<string> words, int at, IReadOnlyList<ClusterView> clusters)
    {
        for (var length = Math.Min(LongestName, words.Count - at); length > 0; length--)
        {
            var name = Plain(words, at, length);
            if (name.Length == 0 || length == 1 && Vocabulary.Common(words[at])) continue;
            Mention? found = null;
            foreach (var cluster in clusters)
            {
                foreach (var one in All(cluster, at, length))
                {
                    if (Fuzzy.Plain(NameOf(one)) != name || (one.Tag ?? one.Pool) is not null && !IsGroup(words, at, length)) continue;
                    found = found is null ? one : found.Cluster == one.Cluster ? Both(found, one) : found;
                }
            }

            if (found is not null) return found;
            if (length == 1 && int.TryParse(words[at], out var number) && Numbered(number, at, words, clusters) is { } guest) return guest;
        }

        return null;
    }

    // A number is a guest's when it is called one, or is as large as theirs are.
    private static Mention? Numbered(int number, int at, IReadOnlyList<string> words, IReadOnlyList<ClusterView> clusters)
    {
        var called = at > 0 && words[at - 1] is "vm" or "ct" or "container" or "guest" or "lxc" or "id" or "number" or "machine" or "vmid" or "template";
        if (!called && (number < 100 || at + 1 < words.Count && Vocabulary.IsUnit(words[at + 1]))) return null;
        foreach (var cluster in clusters)
        {
            if (cluster.Guests.FirstOrDefault(g => g.Vmid == number && !g.Missing) is { } guest) return new(at, 1, true, cluster.Key, Guest: guest);
        }

        return null;
    }

    // Tags and pools are called what guests do, as network or media: only their surroundings tell that one is meant.
    private static bool IsGroup(IReadOnlyList<string> words, int at, int length) =>
        at > 0 && words[at - 1] is "tag" or "tagged" or "tags" or "pool" or "labelled" or "labeled" or "called" or "marked"
        || at + length < words.Count && words[at + length] is "vms" or "vm" or "containers" or "guests" or "machines" or "pool" or "stack" or "ones" or "tag" or "lxcs";

    private static IEnumerable<Mention> All(ClusterView cluster, int at, int length) =>
        cluster.Guests.Where(g => !g.Missing).Select(g => new Mention(at, length, true, cluster.Key, Guest: g))
            .Concat(cluster.Nodes.Select(n => new Mention(at, length, true, cluster.Key, Node: n)))
            .Concat(cluster.Storages.Where(s => !s.Missing).Select(s => new Mention(at, length, true, cluster.Key, Storage: s)))
            .Concat(cluster.Guests.SelectMany(g => g.Tags).Distinct(StringComparer.Ordinal).Select(t => new Mention(at, length, true, cluster.Key, Tag: t)))
            .Concat(cluster.Guests.Select(g => g.Pool).OfType<string>().Distinct(StringComparer.Ordinal).Select(p => new Mention(at, length, true, cluster.Key, Pool: p)));

    private static string NameOf(Mention of) => of.Guest?.Name ?? of.Node?.Name ?? of.Storage?.Name ?? of.Tag ?? of.Pool ?? "";

    private static Mention Both(Mention one, Mention other) => one with
    {
        Guest = one.Guest ?? other.Guest,
        Node = one.Node ?? other.Node,
        Storage = one.Storage ?? other.Storage,
        Tag = one.Tag ?? other.Tag,
        Pool = one.Pool ?? other.Pool,
    };

    private static string Plain(IReadOnlyList<string> words, int at, int length)
    {
        if (length == 1) return Fuzzy.Plain(words[at]);
        var parts = new string[length];
        for (var i = 0; i < length; i++) parts[i] = Fuzzy.Plain(words[at + i]);
        return string.Concat(parts);
    }
}
