namespace Jarvis.Proxmox;

/// <summary>Lets callers of the same path share one request, and its answer for a short while.</summary>
internal sealed class AnswerCache(TimeProvider time)
{
    private const int MostKept = 512;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = [];

    public Task<T> GetAsync<T>(string path, TimeSpan maxAge, Func<Task<T>> fetch)
    {
        lock (gate)
        {
            if (entries.TryGetValue(path, out var kept) && kept.Answer is Task<T> answer && IsUsable(kept, maxAge))
            {
                return answer;
            }

            MakeRoom();
            var entry = entries[path] = new Entry(time.GetTimestamp());
            var fetched = FetchAsync(path, entry, fetch);
            entry.Answer = fetched;
            return fetched;
        }
    }

    /// <summary>Forgets every answer, also those under way, because a write may have changed what they say.</summary>
    public void Forget()
    {
        lock (gate)
        {
            entries.Clear();
        }
    }

    private bool IsUsable(Entry entry, TimeSpan maxAge) =>
        !entry.Answer!.IsCompleted || (entry.Answer.IsCompletedSuccessfully && time.GetElapsedTime(entry.Started) <= maxAge);

    private async Task<T> FetchAsync<T>(string path, Entry entry, Func<Task<T>> fetch)
    {
        await Task.Yield();
        try
        {
            return await fetch();
        }
        catch
        {
            lock (gate)
            {
                if (entries.TryGetValue(path, out var kept) && kept == entry)
                {
                    entries.Remove(path);
                }
            }

            throw;
        }
    }

    private void MakeRoom()
    {
        if (entries.Count < MostKept)
        {
            return;
        }

        foreach (var (path, _) in entries.OrderBy(pair => pair.Value.Started).Take(MostKept / 2).ToArray())
        {
            entries.Remove(path);
        }
    }

    private sealed class Entry(long started)
    {
        public long Started { get; } = started;

        public Task? Answer { get; set; }
    }
}
