using System.Buffers;

namespace Jarvis.Server.Agent.Providers;

/// <summary>Where a provider's key comes from: a file, else a variable of the environment. It is read for each call, so that a new key
/// needs no restart, and kept nowhere.</summary>
internal sealed class KeySource(string file, string variable, Func<string, string?> environment)
{
    private static readonly SearchValues<char> Printable = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c)]);

    /// <summary>Where people look for it.</summary>
    public string Place => file.Length > 0 ? $"the file {file}" : variable.Length > 0 ? $"the environment variable {variable}" : "nowhere";

    /// <summary>Whether one is meant to be there.</summary>
    public bool Expected => file.Length > 0 || variable.Length > 0;

    public bool TryRead(out string key, out string mistake)
    {
        (key, mistake) = ("", $"there is no key in {Place}");
        try
        {
            key = (file.Length > 0 ? File.ReadAllText(file) : variable.Length > 0 ? environment(variable) ?? "" : "").Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            mistake = $"{Place} cannot be read";
            return false;
        }

        if (key.Length == 0) return false;
        if (key.Length <= 1_000 && !key.AsSpan().ContainsAnyExcept(Printable)) return true;
        (key, mistake) = ("", $"{Place} must hold the key alone, on one line");
        return false;
    }

    /// <summary>What is wrong with a file that was named; the name is not repeated, for it may be a key pasted in the wrong place.</summary>
    public static string? Mistake(string file)
    {
        if (file.Length == 0) return null;
        var source = new KeySource(file, "", _ => null);
        return source.TryRead(out _, out _) ? null : "it must name a file that the server can read and that holds the key alone, on one line.";
    }

    /// <summary>A key goes nowhere in clear but to this machine.</summary>
    public static bool Carries(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.IsLoopback;
}
