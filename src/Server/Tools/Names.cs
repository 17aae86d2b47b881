using System.Text.RegularExpressions;
using Jarvis.Safety;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tools;

/// <summary>What a new guest may be called, and which number it may have.</summary>
internal static partial class Names
{
    /// <exception cref="WrongStateException">It is no name for a guest.</exception>
    public static void CheckGuest(string name)
    {
        if (!HostName().IsMatch(name)) throw new WrongStateException("A guest's name is of letters, digits, dots and dashes, at most 63, and begins and ends with a letter or digit.");
    }

    /// <exception cref="WrongStateException">A guest has the number.</exception>
    public static void CheckFree(LiveCluster cluster, VmId? number)
    {
        if (number is { } wanted && cluster.Current.Guest(wanted.Value) is { Missing: false } taken) throw new WrongStateException($"{wanted} is taken, by {taken.Name} on {taken.Node}; a guest is never overwritten. Name a free number, or none.");
    }

    /// <exception cref="WrongStateException">One of them is no tag.</exception>
    public static void CheckTags(IEnumerable<string> tags)
    {
        if (tags.FirstOrDefault(t => !Tag().IsMatch(t)) is { } odd) throw new WrongStateException($"'{odd}' is no tag: a small letter, digit or underscore, then these or - + . too, at most 64.");
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9](?:[a-zA-Z0-9.\-]{0,61}[a-zA-Z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex HostName();

    [GeneratedRegex(@"\A[a-z0-9_][a-z0-9_\-+.]{0,63}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}
