namespace Jarvis.Server.Cluster;

/// <summary>How near a name is to what somebody remembers of it.</summary>
internal static class Fuzzy
{
    /// <summary>0 for no likeness, 100 for the same.</summary>
    public static int Score(string wanted, string name)
    {
        var (a, b) = (Plain(wanted), Plain(name));
        if (a.Length == 0 || b.Length == 0) return 0;
        if (a == b) return 100;
        if (b.StartsWith(a, StringComparison.Ordinal)) return 85;
        if (b.Contains(a, StringComparison.Ordinal)) return 70;
        var allowed = a.Length < 3 ? 0 : a.Length < 6 ? 1 : 2;
        var away = Distance(a, b, allowed);
        return away <= allowed ? 60 - (10 * away) : 0;
    }

    /// <summary>Case and separators are what is forgotten first.</summary>
    public static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    /// <summary>Letters to add, drop, change or swap; anything above the limit is not counted out.</summary>
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit) return limit + 1;
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
