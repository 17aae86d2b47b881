using System.Threading.Channels;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Cluster.History;

/// <summary>Metrics over time: every 10 s for 2 h, every minute for 2 d, every 15 min for 90 d. Written once a minute:
/// a killed process loses at most the minute it was in.</summary>
public sealed partial class MetricHistory(DataFolder folder, TimeProvider time, ILogger<MetricHistory> log) : BackgroundService
{
    private const int MaxWaiting = 4;
    private static readonly TimeSpan Plausible = TimeSpan.FromDays(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(30);
    private readonly SqliteFile _file = new(folder.File("history.db"), time, HistoryStore.Schema);
    private readonly Channel<TaskCompletionSource?> _work = Channel.CreateBounded<TaskCompletionSource?>(new BoundedChannelOptions(MaxWaiting)
    {
        FullMode = BoundedChannelFullMode.Wait, SingleReader = true,
    });
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Recording> _recordings = new(StringComparer.Ordinal);
    private Queue<Minute> _waiting = new();
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);
    private HistoryStore? _store;
    private DateTimeOffset _tryAgain;
    private long _day;
    private long _lost;
    private bool _known;
    private volatile string? _trouble;

    public HistoryHealth Health
    {
        get
        {
            lock (_lock)
            {
                var refused = _recordings.Values.Sum(r => r.Refused);
                return new(_trouble is null && _store is not null,
                    _trouble ?? (refused > 0 ? $"{refused} targets are above the {Recording.MaxTargets} that a cluster may have, and are not kept." : null),
                    _lost, _recordings.Values.Sum(r => r.Count));
            }
        }
    }

    /// <summary>Keeps a tick; cheap, never waits. Dropped are ticks before the file could be read for the first time, and
    /// such as are more than a day away from now.</summary>
    public void Record(HistorySample tick)
    {
        var away = (tick.At - time.GetUtcNow()).Duration();
        lock (_lock)
        {
            if (!_known || away > Plausible)
            {
                _lost++;
                return;
            }
            if (!_recordings.TryGetValue(tick.Cluster, out var recording)) _recordings[tick.Cluster] = recording = new Recording(tick.Cluster);
            if (recording.Take(tick) is not { } finished) return;
            Queue(finished);
        }

        // Full is no loss: whoever works through it sees the minute that is waiting.
        _work.Writer.TryWrite(null);
    }

    /// <summary>What a target measured in a span of time, as finely as it is kept and <paramref name="maxPoints"/>
    /// allows. Unknown targets and times give unknown values.</summary>
    /// <exception cref="ArgumentException">The span is empty or no point is allowed.</exception>
    /// <exception cref="HistoryUnavailableException">The file cannot be read.</exception>
    public async Task<HistorySeries> ReadAsync(
        string cluster, string target, IReadOnlyList<Metric> metrics, DateTimeOffset from, DateTimeOffset to,
        int maxPoints, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPoints, 1);
        if (from >= to) throw new ArgumentException("The span must begin before it ends.", nameof(from));
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var last = Level.All[^1];
        var (first, end) = (Math.Max(from.ToUnixTimeSeconds(), now - last.Keep), Math.Min(to.ToUnixTimeSeconds(), now + last.Step));
        var level = Level.All.FirstOrDefault(l => first >= now - l.Keep - l.Step) ?? last;
        var stride = (int)Math.Max(1, (Math.Max(0, end - first) + (long)level.Step * maxPoints - 1) / ((long)level.Step * maxPoints));
        var step = level.Step * stride;
        var start = first / step * step;
        var points = (int)Math.Clamp((end - start + step - 1) / step, 0, maxPoints);
        var reader = new HistoryReader(level, stride, start, points);
        bool gone;
        lock (_lock)
        {
            gone = _forgotten.Contains(cluster);
            if (_recordings.TryGetValue(cluster, out var recording) && recording.SlotOf(target) is { } slot)
            {
                foreach (var minute in _waiting.Where(m => m.Cluster == cluster)) reader.Add(minute, slot);
                if (recording.Current is { } current) reader.Add(current, slot);
            }
        }

        // What is still in the file then is of another cluster, and on its way out.
        if (gone) return reader.Series(metrics);
        try
        {
            await Task.Run(() => reader.Add(_file, cluster, target, end), cancellationToken);
        }
        catch (SqliteException e)
        {
            throw new HistoryUnavailableException(e.Message, e);
        }
        return reader.Series(metrics);
    }

    /// <summary>Removes all that is kept of a cluster, before anything of another one by that key is written; from now on none of
    /// it is read, even while the file cannot be written.</summary>
    public void Forget(string cluster)
    {
        lock (_lock)
        {
            _recordings.Remove(cluster);
            _waiting = new(_waiting.Where(minute => minute.Cluster != cluster));
            _forgotten.Add(cluster);
        }

        _work.Writer.TryWrite(null);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _work.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>Completes when what was recorded so far and is due has been written and rolled up.</summary>
    internal async Task WrittenAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _work.Writer.WriteAsync(done, cancellationToken);
        await done.Task.WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Work();
        await foreach (var done in _work.Reader.ReadAllAsync(stoppingToken))
        {
            Work();
            done?.TrySetResult();
        }

        lock (_lock)
        {
            foreach (var recording in _recordings.Values) if (recording.TakeCurrent() is { } minute) Queue(minute);
        }
        Work();
        Close();
    }

    private void Close()
    {
        _store?.Dispose();
        _store = null;
        _file.ForgetReaders();
    }

    private void Queue(Minute minute)
    {
        _waiting.Enqueue(minute);
        if (_waiting.Count <= MaxWaiting * Math.Max(1, _recordings.Count)) return;
        _waiting.Dequeue();
        _lost++;
    }

    private void Work()
    {
        try
        {
            if (_store is null && !Open()) return;
            while (Next() is { } next)
            {
                _store!.Write(next.Minute, next.Added, Now);
                lock (_lock)
                {
                    // A cluster that was forgotten meanwhile is removed before anything else is written.
                    if (_forgotten.Contains(next.Minute.Cluster)) continue;
                    _recordings[next.Minute.Cluster].Unsaved.RemoveRange(0, next.Added.Count);
                    if (_waiting.TryPeek(out var head) && head == next.Minute) _waiting.Dequeue();
                }
            }
            KeepUp();
            _trouble = null;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or SchemaTooNewException)
        {
            if (_trouble != e.Message) LogBroken(_file.Path, e.Message);
            _trouble = e.Message;
            _tryAgain = time.GetUtcNow() + Retry;
            Close();
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private (Minute Minute, List<(string Target, int Slot)> Added)? Next()
    {
        ForgetAll();
        lock (_lock)
        {
            return _waiting.TryPeek(out var minute) ? (minute, [.. _recordings[minute.Cluster].Unsaved]) : null;
        }
    }

    private void ForgetAll()
    {
        List<string> forgotten;
        lock (_lock) forgotten = [.. _forgotten];
        foreach (var cluster in forgotten)
        {
            _store!.Forget(cluster);
            lock (_lock) _forgotten.Remove(cluster);
        }
    }

    private bool Open()
    {
        if (time.GetUtcNow() < _tryAgain) return false;
        _store = new HistoryStore(_file);
        ForgetAll();
        lock (_lock)
        {
            if (_known) return true;
            foreach (var (cluster, target, slot) in _store.Targets())
            {
                if (!_recordings.TryGetValue(cluster, out var recording)) _recordings[cluster] = recording = new Recording(cluster);
                recording.Load(target, slot);
            }
            foreach (var recording in _recordings.Values) recording.Loaded();
            _known = true;
        }
        return true;
    }

    private void KeepUp()
    {
        List<string> clusters;
        lock (_lock) clusters = [.. _recordings.Keys];
        foreach (var cluster in clusters) while (_store!.RollUp(cluster, Now)) { }
        if (Now / 86400 == _day) return;
        _day = Now / 86400;
        foreach (var cluster in clusters)
        {
            List<string> seen;
            lock (_lock) seen = _recordings.GetValueOrDefault(cluster)?.TakeSeen() ?? [];
            var gone = _store!.Seen(cluster, seen, Now);
            lock (_lock) foreach (var target in gone) _recordings.GetValueOrDefault(cluster)?.Forget(target);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} cannot be used: {Why}; graphs are not kept until it can")]
    private partial void LogBroken(string file, string why);
}

/// <summary>The history cannot be read; the message says why.</summary>
public sealed class HistoryUnavailableException(string why, Exception inner) : Exception(why, inner);
