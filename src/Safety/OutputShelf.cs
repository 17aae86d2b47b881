using System.Security.Cryptography;

namespace Jarvis.Safety;

/// <summary>Keeps long results for a quarter of an hour, the newest 32 of them, each for whoever was given its handle.</summary>
internal sealed class OutputShelf(TimeProvider time)
{
    private const int Most = 32;
    private const int MostCharacters = 4 * 1024 * 1024;
    private static readonly TimeSpan Lives = TimeSpan.FromMinutes(15);
    private readonly Lock _gate = new();
    private readonly Queue<Kept> _kept = new();

    private sealed record Kept(string Handle, string Actor, string Text, long At);

    public string Keep(string text, string actor)
    {
        var kept = new Kept(RandomNumberGenerator.GetHexString(24, lowercase: true), actor, text.Length > MostCharacters ? text[..MostCharacters] : text, time.GetTimestamp());
        lock (_gate)
        {
            _kept.Enqueue(kept);
            if (_kept.Count > Most) _kept.Dequeue();
        }
        return kept.Handle;
    }

    /// <summary>A piece of it, or null when it is not kept, or not for this caller.</summary>
    public string? Read(string handle, string actor, int offset, int length)
    {
        lock (_gate)
        {
            var kept = _kept.FirstOrDefault(k => k.Handle == handle && k.Actor == actor && time.GetElapsedTime(k.At) < Lives);
            if (kept is null) return null;
            var start = Math.Clamp(offset, 0, kept.Text.Length);
            return kept.Text.Substring(start, Math.Clamp(length, 0, kept.Text.Length - start));
        }
    }
}
