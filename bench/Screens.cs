using System.Collections.Concurrent;
using System.Diagnostics;

namespace Jarvis.Bench;

/// <summary>Several screens of one server, and what arrived at them.</summary>
internal sealed class Screens : IAsyncDisposable
{
    private readonly List<Screen> _open = [];
    private readonly ConcurrentBag<Arrival> _arrivals = [];

    public static async Task<Screens> OpenAsync(ServerProcess server, int count, CancellationToken cancellationToken)
    {
        var screens = new Screens();
        for (var i = 0; i < count; i++) screens._open.Add(await Screen.OpenAsync(server, i == 0, screens._arrivals.Add, cancellationToken));
        return screens;
    }

    public IEnumerable<Arrival> Of(string target, long since = 0) => _arrivals.Where(a => a.Target == target && a.At >= since);

    /// <summary>Waits until every screen has its first state.</summary>
    public async Task FilledAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (Of("Snapshot").Count() < _open.Count)
        {
            Check();
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(60)) throw new TimeoutException($"{Of("Snapshot").Count()} of {_open.Count} screens have a first state after a minute.");
            await Rig.PauseAsync(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    /// <summary>Throws if a screen lost its connection.</summary>
    public void Check()
    {
        if (_open.Find(s => s.Ended.IsFaulted) is { } lost) throw new InvalidOperationException("A screen lost its connection.", lost.Ended.Exception);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var screen in _open) await screen.DisposeAsync();
    }
}
