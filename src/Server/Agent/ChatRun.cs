using System.Runtime.CompilerServices;

namespace Jarvis.Server.Agent;

/// <summary>Something that happened in a run, and where to go on reading after it.</summary>
public sealed record RunEvent(string RunId, long Cursor, TurnEvent Happened);

/// <summary>An answer that is being given. It belongs to the server: whoever reads it comes and goes, and reads all of it.</summary>
internal sealed class ChatRun(string id, string session, string person) : IDisposable
{
    private const int MostEvents = 100_000;

    /// <summary>A screen draws no faster.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(16);

    private readonly Lock _lock = new();
    private readonly List<TurnEvent> _events = [];
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _news = New();

    public string Id => id;

    public string Session => session;

    public string Person => person;

    public bool IsOver { get; private set; }

    /// <summary>When it was over, by <see cref="Environment.TickCount64"/>.</summary>
    public long OverAt { get; private set; }

    public Task Done { get; set; } = Task.CompletedTask;

    public CancellationToken Stopped => _stop.Token;

    /// <summary>Stops it; false when it is over.</summary>
    public bool Cancel()
    {
        lock (_lock)
        {
            if (IsOver) return false;
            _ = _stop.CancelAsync();
            return true;
        }
    }

    /// <exception cref="InvalidOperationException">It tells without an end.</exception>
    public void Tell(TurnEvent happened)
    {
        lock (_lock)
        {
            if (_events.Count >= MostEvents && happened is TurnEvent.Token) throw new InvalidOperationException($"An answer has at most {MostEvents:N0} parts.");
            _events.Add(happened);
            Wake();
        }
    }

    public void End()
    {
        lock (_lock)
        {
            (IsOver, OverAt) = (true, Environment.TickCount64);
            Wake();
        }
    }

    /// <summary>All that happened after a cursor, then what happens, to its end. Pieces of text that came together are one.</summary>
    public async IAsyncEnumerable<RunEvent> ReadAsync(long cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = (int)Math.Clamp(cursor, 0, MostEvents * 2);
        var spoke = 0L;
        while (true)
        {
            var (fresh, over, news) = From(next);
            if (fresh.Count == 0)
            {
                if (over) yield break;
                await news.WaitAsync(cancellationToken);
                continue;
            }

            var since = TimeProvider.System.GetElapsedTime(spoke);
            if (spoke != 0 && since < Pace && fresh[0] is TurnEvent.Token && !over)
            {
                await Task.Delay(Pace - since, TimeProvider.System, cancellationToken);
                (fresh, _, _) = From(next);
            }

            for (var i = 0; i < fresh.Count;)
            {
                var length = 1;
                if (fresh[i] is TurnEvent.Token)
                {
                    while (i + length < fresh.Count && fresh[i + length] is TurnEvent.Token) length++;
                    spoke = TimeProvider.System.GetTimestamp();
                }

                next += length;
                yield return new(id, next, length == 1 ? fresh[i] : new TurnEvent.Token(string.Concat(fresh.Skip(i).Take(length).Select(e => ((TurnEvent.Token)e).Text))));
                i += length;
            }
        }
    }

    public void Dispose() => _stop.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (List<TurnEvent> Fresh, bool Over, Task News) From(int next)
    {
        lock (_lock) return (next < _events.Count ? _events[next..] : [], IsOver, _news.Task);
    }

    private void Wake()
    {
        var woken = _news;
        _news = New();
        woken.TrySetResult();
    }
}
