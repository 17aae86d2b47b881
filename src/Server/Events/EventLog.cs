using System.Diagnostics;
using System.Threading.Channels;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Events;

/// <summary>What happened, in order, for as long as it is kept. Acknowledged means committed: it survives the death
/// of the process; after a power cut the last moments may be gone.</summary>
public sealed partial class EventLog(DataFolder folder, EventsOptions options, EventMeters meters, TimeProvider time, ILogger<EventLog> log)
    : BackgroundService
{
    private const int MaxQueued = 16_384;
    private const int MaxBatch = 512;
    private const int RetainRows = 2000;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDrift = TimeSpan.FromDays(1);
    private static readonly TimeSpan RetainEvery = TimeSpan.FromHours(1);
    private readonly SqliteFile _file = new(folder.File("events.db"), time, EventSchema.Schema);
    private readonly Channel<Draft> _queue = Channel.CreateBounded<Draft>(new BoundedChannelOptions(MaxQueued)
    {
        FullMode = BoundedChannelFullMode.Wait, SingleReader = true,
    });
    private readonly Followers _followers = new();
    private readonly List<Draft> _batch = new(MaxBatch);
    private readonly TaskCompletionSource _firstRetained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EventStore? _store;
    private readonly DateTimeOffset _begun = time.GetUtcNow();
    private readonly long _begunAt = time.GetTimestamp();
    private DateTimeOffset _retained;
    private volatile string? _trouble;
    private volatile bool _broken;
    private long _lost;
    private long _lostBefore;
    private long _lastId;
    private long _bytes;

    public EventLogHealth Health => new()
    {
        Available = !_broken,
        Trouble = _trouble,
        Queued = _queue.Reader.Count,
        Lost = Interlocked.Read(ref _lost),
        BytesWrittenToday = Interlocked.Read(ref _bytes),
        LastId = Interlocked.Read(ref _lastId),
    };

    /// <summary>Stores it and gives its id, once it is committed. Cancelling stops the waiting, not the storing.</summary>
    /// <exception cref="EventLogUnavailableException">It could not be stored.</exception>
    /// <exception cref="ArgumentException">The type is malformed.</exception>
    public async ValueTask<long> AppendAsync(Happening what, CancellationToken cancellationToken)
    {
        var draft = new Draft(what, awaited: true);
        if (_broken) throw Unavailable();
        try
        {
            await _queue.Writer.WriteAsync(draft, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new EventLogUnavailableException("The event log is shutting down.");
        }
        return await draft.Stored!.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Stores it some time soon; false, and counted as lost, when the queue is full or the log unavailable.</summary>
    /// <exception cref="ArgumentException">The type is malformed.</exception>
    public bool TryPost(Happening what)
    {
        var draft = new Draft(what, awaited: false);
        if (!_broken && _queue.Writer.TryWrite(draft)) return true;
        Interlocked.Increment(ref _lost);
        return false;
    }

    /// <summary>Rows as they are stored, from the moment that reading begins, without gaps. A follower that is slow is
    /// given what it missed from the store, and never slows the writer. Ends when the log
    /// stops, or another file has taken the place of the one before.</summary>
    /// <exception cref="FollowerLaggedException">It fell more than 20 000 rows behind.</exception>
    public IAsyncEnumerable<EventRow> FollowAsync(CancellationToken cancellationToken) =>
        _followers.FollowAsync((id, stop) => SinceAsync(id, EventQuery.MaxLimit, stop), cancellationToken);

    /// <summary>Rows after <paramref name="id"/>, oldest first, at most <see cref="EventQuery.MaxLimit"/>.</summary>
    public Task<IReadOnlyList<EventRow>> SinceAsync(long id, int limit, CancellationToken cancellationToken) =>
        Reading<IReadOnlyList<EventRow>>(() => new EventReader(_file).Since(id, limit), cancellationToken);

    public Task<EventPage> ReadAsync(EventQuery query, CancellationToken cancellationToken) =>
        Reading(() => new EventReader(_file).Read(query), cancellationToken);

    /// <summary>Checks the whole hash chain; about a second for 300 000 rows.</summary>
    public Task<VerifyResult> VerifyAsync(CancellationToken cancellationToken) => Reading(() =>
    {
        using var connection = _file.OpenReader();
        return new EventVerifier(connection).Verify(ChainKey.Load(KeyPath), cancellationToken);
    }, cancellationToken);

    /// <summary>Completes once what was too old at start has been removed.</summary>
    internal Task RetainedAsync(CancellationToken cancellationToken) => _firstRetained.Task.WaitAsync(cancellationToken);

    private string KeyPath => folder.File("events.key");

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        meters.Watch(this);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (_store is null && !TryOpen())
                {
                    Refuse(Unavailable());
                    await Task.WhenAny(Task.Delay(Retry, time, stoppingToken), _queue.Reader.Completion);
                    if (_queue.Reader.Completion.IsCompleted) return;
                }
                else if (!Step() && !await WaitAsync(stoppingToken)) return;
            }
        }
        finally
        {
            Refuse(new EventLogUnavailableException("The event log is shutting down."));
            Close();
            _followers.End();
        }
    }

    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using var due = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = time.CreateTimer(source => ((CancellationTokenSource)source!).Cancel(), due, RetainEvery, Timeout.InfiniteTimeSpan);
        try
        {
            return await _queue.Reader.WaitToReadAsync(due.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>One batch, or a piece of retention; false when there is nothing to do.</summary>
    private bool Step()
    {
        _batch.Clear();
        while (_batch.Count < MaxBatch && _queue.Reader.TryRead(out var draft)) _batch.Add(draft);
        try
        {
            if (_batch.Count == 0) return Retain();
            var began = Stopwatch.GetTimestamp();
            var rows = _store!.Append(_batch);
            meters.Appended(Stopwatch.GetElapsedTime(began));
            Interlocked.Exchange(ref _lastId, _store.LastId);
            Interlocked.Exchange(ref _bytes, _store.BytesWrittenToday);
            _followers.Tell(rows);
            for (var i = 0; i < rows.Count; i++) _batch[i].Stored?.TrySetResult(rows[i].Id);
            _batch.Clear();
            Retain();
        }
        catch (SqliteException e)
        {
            Break(e);
            foreach (var draft in _batch) Refuse(draft, Unavailable());
            Close();
        }
        return true;
    }

    private bool Retain()
    {
        var now = time.GetUtcNow();
        if (now - _retained < RetainEvery || _queue.Reader.Completion.IsCompleted) return false;
        // A clock that ran away from the time that passed is wrong now or was: nothing is deleted by it.
        if ((now - _begun - time.GetElapsedTime(_begunAt)).Duration() > LongestDrift)
        {
            _retained = now;
            _firstRetained.TrySetResult();
            return false;
        }

        if (_store!.Retain(new DateTimeOffset(now.UtcDateTime.Date.AddDays(-options.KeepDays), TimeSpan.Zero), RetainRows)) return true;
        _retained = now;
        _firstRetained.TrySetResult();
        return false;
    }

    private bool TryOpen()
    {
        try
        {
            _store = new EventStore(_file, KeyPath, time);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException or SchemaTooNewException)
        {
            Break(e);
            return false;
        }

        Interlocked.Exchange(ref _lastId, _store.LastId);
        Interlocked.Exchange(ref _bytes, _store.BytesWrittenToday);
        _followers.Begin(_store.LastId);
        if (_store.Damage is { } damage)
        {
            LogDamaged(damage);
            Note("events.damaged", Severity.Critical, damage);
        }
        if (_broken)
        {
            LogBack(folder.Path);
            Note("events.recovered", Severity.Warning, $"Events are stored again; {Interlocked.Read(ref _lost) - _lostBefore} were lost meanwhile.");
            _lostBefore = Interlocked.Read(ref _lost);
        }
        (_broken, _trouble) = (false, _store.Damage);
        return true;
    }

    private void Note(string type, Severity severity, string summary) =>
        _queue.Writer.TryWrite(new Draft(new Happening { Type = type, Severity = severity, Source = Source.System, Summary = summary }, awaited: false));

    private void Break(Exception e)
    {
        if (_trouble != e.Message) LogBroken(_file.Path, e.Message);
        (_broken, _trouble) = (true, e.Message);
    }

    private void Refuse(EventLogUnavailableException why)
    {
        while (_queue.Reader.TryRead(out var draft)) Refuse(draft, why);
    }

    private void Refuse(Draft draft, EventLogUnavailableException why)
    {
        Interlocked.Increment(ref _lost);
        draft.Stored?.TrySetException(why);
    }

    private void Close()
    {
        _store?.Dispose();
        _store = null;
        _file.ForgetReaders();
    }

    private EventLogUnavailableException Unavailable() => new($"Events cannot be stored: {_trouble}");

    private static async Task<T> Reading<T>(Func<T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(read, cancellationToken);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new EventLogUnavailableException($"Events cannot be read: {e.Message}", e);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{File} cannot be written: {Why}; nothing is remembered until it can")]
    private partial void LogBroken(string file, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events are stored in {Folder} again")]
    private partial void LogBack(string folder);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The event log is damaged: {Why}")]
    private partial void LogDamaged(string why);
}
