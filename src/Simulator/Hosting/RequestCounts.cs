using System.Collections.Concurrent;

namespace Jarvis.Simulator.Hosting;

/// <summary>How often each endpoint was asked, by method and path template.</summary>
internal sealed class RequestCounts
{
    private readonly ConcurrentDictionary<string, long> byPath = new(StringComparer.Ordinal);
    private long total;

    public long Total => Interlocked.Read(ref total);

    public IReadOnlyList<KeyValuePair<string, long>> ByPath => [.. byPath.OrderBy(p => p.Key, StringComparer.Ordinal)];

    public void Add(string path)
    {
        Interlocked.Increment(ref total);
        byPath.AddOrUpdate(path, 1, static (_, n) => n + 1);
    }

    public void Reset()
    {
        byPath.Clear();
        Interlocked.Exchange(ref total, 0);
    }
}
